package io.waybill.order;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.kernel.Event;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.WaybillJson;
import io.waybill.testing.TestServers;
import io.waybill.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The order context as it runs in production, on a real PostgreSQL and a real broker; the test plays the customers and
 * the neighbours that are asked and answer.
 */
public final class RunningOrders implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final ConfigurableApplicationContext application;
    private final String namespace;
    private final RabbitTemplate broker;
    private final ObjectMapper json = WaybillJson.mapper();
    private final HttpClient http = HttpClient.newHttpClient();

    private RunningOrders(ConfigurableApplicationContext application, String namespace) {
        this.application = application;
        this.namespace = namespace;
        this.broker = new RabbitTemplate(application.getBean(ConnectionFactory.class));
    }

    public static RunningOrders start(Path dataFolder, String... settings) {
        String namespace = TestServers.freshNamespace("order");
        List<String> args = new ArrayList<>(List.of(settings));
        args.add("--server.port=0");
        args.add("--waybill.messaging.namespace=" + namespace);
        args.add("--waybill.data-folder=" + dataFolder);
        add(args, TestServers.freshDatabase("order").springProperties());
        add(args, TestServers.broker().springProperties());
        add(args, TestTokens.springProperties());
        return new RunningOrders(OrderApplication.start(args.toArray(String[]::new)), namespace);
    }

    private static void add(List<String> args, Map<String, String> settings) {
        settings.forEach((name, value) -> args.add("--" + name + "=" + value));
    }

    public <T> T bean(Class<T> type) {
        return application.getBean(type);
    }

    /** An answer over HTTP. */
    public record Answer(int status, JsonNode body, Map<String, List<String>> headers) {

        public String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }

        public String text(String pointer) {
            return body.at(pointer).asText();
        }

        public OrderId orderId() {
            return OrderId.of(text("/orderId"));
        }
    }

    public URI uri(String path) {
        int port = ((ServletWebServerApplicationContext) application)
                .getWebServer()
                .getPort();
        return URI.create("http://localhost:" + port + path);
    }

    public Answer get(String path) {
        return get(path, callerOf(path));
    }

    /** As the caller whose {@code Authorization} this is. */
    public Answer get(String path, String authorization) {
        return answer(HttpRequest.newBuilder(uri(path))
                        .header("Authorization", authorization)
                        .GET())
                .join();
    }

    /** The one customer of most stories, and the operator for what is theirs. */
    private static String callerOf(String path) {
        return path.startsWith("/api/admin/")
                ? TestTokens.operator()
                : TestTokens.customer(OrderFixtures.CUSTOMER.value());
    }

    public Answer post(String path, String body, String... headers) {
        return postAsync(path, body, headers).join();
    }

    public CompletableFuture<Answer> postAsync(String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .setHeader("Content-Type", "application/json")
                .setHeader("Authorization", callerOf(path));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return answer(request.POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private CompletableFuture<Answer> answer(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Answer(
                        response.statusCode(),
                        read(response.body()),
                        response.headers().map()));
    }

    /** The next command about the order that this neighbour finds in its queue is such a one. */
    public <C> C isAsked(String neighbour, Class<C> command, OrderId orderId) {
        return await("a " + command.getSimpleName() + " for " + neighbour)
                .atMost(PATIENCE)
                .until(() -> receive(neighbour, command, orderId), found -> !found.isEmpty())
                .get(0);
    }

    private <C> List<C> receive(String neighbour, Class<C> command, OrderId orderId) throws IOException {
        String type = "waybill." + neighbour + "." + command.getSimpleName() + ".v1";
        Message message = broker.receive(namespace + "." + neighbour + ".commands", 200);
        if (message == null
                || !type.equals(message.getMessageProperties().getHeader("cloudEvents:type"))
                || !new String(message.getBody(), StandardCharsets.UTF_8).contains(orderId.value())) {
            return List.of();
        }
        return List.of(json.readValue(message.getBody(), command));
    }

    /**
     * A neighbour publishes its event; returns when the order context's stream has it, so that the next comes after.
     */
    public <E extends Record & Event> void hears(String neighbour, E event) {
        String name = event.getClass().getSimpleName();
        String id = UUID.randomUUID().toString();
        String key =
                neighbour + "." + name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        try {
            broker.send(
                    namespace + ".waybill.events",
                    key,
                    MessageBuilder.withBody(json.writeValueAsBytes(event))
                            .setContentType("application/json")
                            .setHeader("cloudEvents:specversion", "1.0")
                            .setHeader("cloudEvents:id", id)
                            .setHeader("cloudEvents:source", "/waybill/" + neighbour)
                            .setHeader("cloudEvents:type", "waybill." + neighbour + "." + name + ".v1")
                            .setHeader("cloudEvents:subject", event.subject())
                            .setHeader("cloudEvents:time", "2026-11-22T12:00:00Z")
                            .setHeader("cloudEvents:partitionkey", event.partitionKey())
                            .build());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        await("the stream to have " + event).atMost(PATIENCE).until(() -> isStored(id));
    }

    private boolean isStored(String eventId) {
        return bean(JdbcClient.class)
                .sql("select exists (select from event_stream where event_id = ?)")
                .param(eventId)
                .query(Boolean.class)
                .single();
    }

    private JsonNode read(String body) {
        try {
            return json.readTree(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        application.close();
    }
}
