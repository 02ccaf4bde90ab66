package io.waybill.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A gateway on free ports, and the stubs of the contexts behind it. */
public final class RunningGateway implements AutoCloseable {

    /** Stands in for accounts, which would need a database. */
    static final StubIssuer ISSUER = new StubIssuer();

    private final Map<BoundedContext, StubContext> contexts = new EnumMap<>(BoundedContext.class);
    private final ConfigurableApplicationContext application;

    /** Its callers are customer and operator at once unless they say who they are. */
    public RunningGateway(String... settings) {
        this(true, settings);
    }

    /** Its callers are who they say they are. */
    static RunningGateway withoutCaller(String... settings) {
        return new RunningGateway(false, settings);
    }

    /** It has the {@link OpenRoutes} too. */
    static RunningGateway withOpenRoutes(String... settings) {
        return new RunningGateway(false, List.of(OpenRoutes.class), settings);
    }

    private RunningGateway(boolean withCaller, String... settings) {
        this(withCaller, List.of(), settings);
    }

    private RunningGateway(boolean withCaller, List<Class<?>> more, String... settings) {
        for (var context : BoundedContext.values()) {
            contexts.put(context, new StubContext());
        }
        var arguments = new ArrayList<>(List.of("--server.port=0", "--management.server.port=0"));
        contexts.forEach((context, stub) -> {
            var address = "waybill.gateway.contexts." + context.id();
            if (nobodySets(address, settings)) {
                arguments.add("--" + address + "=" + stub.address());
            }
        });
        if (Arrays.stream(settings).noneMatch(setting -> setting.contains("issuer-uri"))) {
            arguments.add("--waybill.security.issuer-uri=" + ISSUER.address());
        }
        if (withCaller) {
            arguments.add("--waybill.test.caller=" + ISSUER.token("cus_1", "customer", "operator"));
        }
        arguments.addAll(List.of(settings));
        // Who names no server shall not find that of another program: nobody listens on port 1.
        if (nobodySets("spring.data.redis.", settings)) {
            arguments.add("--spring.data.redis.port=1");
        }
        if (nobodySets("spring.rabbitmq.", settings)) {
            arguments.add("--spring.rabbitmq.port=1");
        }
        if (nobodySets("waybill.gateway.cache.", settings)) {
            arguments.add("--logging.level.io.waybill.gateway.cache=ERROR");
        }
        var sources = Stream.concat(Stream.of(GatewayApplication.class), more.stream());
        application = new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
                .properties("spring.config.name=gateway")
                .run(arguments.toArray(String[]::new));
    }

    /** The value of the {@code Authorization} header of a customer. */
    public static String tokenOf(String customer) {
        return ISSUER.token(customer, "customer");
    }

    Surface surface() {
        return application.getBean(Surface.class);
    }

    public StubContext context(BoundedContext context) {
        return contexts.get(context);
    }

    public void forget() {
        contexts.values().forEach(StubContext::forget);
    }

    public WebTestClient client() {
        return client(port());
    }

    WebTestClient managementClient() {
        return client(managementPort());
    }

    public URI at(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port() + pathAndQuery);
    }

    public int port() {
        return port("local.server.port");
    }

    int managementPort() {
        return port("local.management.port");
    }

    public double gauge(String name) {
        return application.getBean(MeterRegistry.class).get(name).gauge().value();
    }

    public void stop() {
        application.close();
    }

    public <T> T bean(Class<T> type) {
        return application.getBean(type);
    }

    /** Sends the lines as they stand and reads until the gateway closes the connection or falls silent. */
    public String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        application.close();
        contexts.values().forEach(StubContext::close);
    }

    private static boolean nobodySets(String prefix, String... settings) {
        return Arrays.stream(settings).noneMatch(setting -> setting.startsWith("--" + prefix));
    }

    private static WebTestClient client(int port) {
        return WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofSeconds(20))
                .build();
    }

    private int port(String property) {
        return Integer.parseInt(application.getEnvironment().getRequiredProperty(property));
    }
}
