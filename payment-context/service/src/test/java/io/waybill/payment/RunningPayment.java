package io.waybill.payment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.kernel.Command;
import io.waybill.kernel.PaymentId;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.transport.Topology;
import io.waybill.testing.TestServers;
import io.waybill.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.core.AnonymousQueue;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageListener;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The payment service as others see it: commands go in by its queue, events come out by the exchange, the rest is HTTP.
 */
final class RunningPayment implements AutoCloseable {

    private static final ObjectMapper JSON = WaybillJson.mapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<Message> told = new ConcurrentLinkedQueue<>();
    private final ConfigurableApplicationContext context;
    private final Topology topology;
    private final SimpleMessageListenerContainer listener;

    RunningPayment(String... settings) {
        List<String> args = new ArrayList<>(List.of(settings));
        args.add("--server.port=0");
        args.add("--waybill.messaging.namespace=" + TestServers.freshNamespace("payment"));
        add(args, TestServers.freshDatabase("payment").springProperties());
        add(args, TestServers.broker().springProperties());
        add(args, TestTokens.springProperties());
        context = PaymentApplication.start(args.toArray(String[]::new));
        topology = context.getBean(Topology.class);
        listener = listen(context.getBean(ConnectionFactory.class));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    void sendByQueue(Command command) {
        context.getBean(RabbitTemplate.class)
                .send(topology.commandExchange(), topology.commandQueue("payment"), message(command));
    }

    /** The names of the events that were told about the payment, in order and without repetitions by the platform. */
    List<String> told(PaymentId payment) {
        return told.stream()
                .map(message -> message.getMessageProperties().getHeaders())
                .filter(headers -> payment.value().equals(headers.get("cloudEvents:subject")))
                .map(headers ->
                        Map.entry(headers.get("cloudEvents:id"), String.valueOf(headers.get("cloudEvents:type"))))
                .distinct()
                .map(event -> event.getValue().replaceAll("waybill\\.payment\\.(\\w+)\\.v1", "$1"))
                .toList();
    }

    JsonNode books() {
        return read(get("/sandbox/payments"));
    }

    JsonNode books(PaymentId payment) {
        return read(get("/sandbox/payments?key=" + payment)).get("items");
    }

    String status(PaymentId payment) {
        return read(get("/api/payments/" + payment)).path("status").asText();
    }

    HttpResponse<String> get(String path) {
        return get(path, TestTokens.operator());
    }

    /** As the caller whose {@code Authorization} this is. */
    HttpResponse<String> get(String path, String... authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        for (String value : authorization) {
            request.header("Authorization", value);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode read(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        listener.destroy();
        context.close();
        http.close();
    }

    private URI uri(String path) {
        String port = Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port"));
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private SimpleMessageListenerContainer listen(ConnectionFactory connections) {
        RabbitAdmin admin = new RabbitAdmin(connections);
        var queue = new AnonymousQueue();
        admin.declareQueue(queue);
        admin.declareBinding(BindingBuilder.bind(queue)
                .to(new TopicExchange(topology.eventExchange()))
                .with("payment.*"));
        SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(connections);
        container.setQueues(queue);
        container.setAcknowledgeMode(AcknowledgeMode.NONE);
        container.setMessageListener((MessageListener) told::add);
        container.start();
        return container;
    }

    private static Message message(Command command) {
        try {
            return MessageBuilder.withBody(JSON.writeValueAsString(command).getBytes(StandardCharsets.UTF_8))
                    .setContentType("application/json")
                    .setHeader("cloudEvents:specversion", "1.0")
                    .setHeader("cloudEvents:id", UUID.randomUUID().toString())
                    .setHeader("cloudEvents:source", "/waybill/order")
                    .setHeader(
                            "cloudEvents:type",
                            "waybill.payment." + command.getClass().getSimpleName() + ".v1")
                    .setHeader("cloudEvents:subject", command.target())
                    .setHeader("cloudEvents:time", "2026-11-22T10:00:00Z")
                    .setHeader("cloudEvents:partitionkey", command.partitionKey())
                    .build();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(List<String> args, Map<String, String> settings) {
        settings.forEach((name, value) -> args.add("--" + name + "=" + value));
    }
}
