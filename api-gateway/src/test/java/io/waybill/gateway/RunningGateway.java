package io.waybill.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A gateway on free ports, and the stubs of the contexts behind it. */
final class RunningGateway implements AutoCloseable {

    private final Map<BoundedContext, StubContext> contexts = new EnumMap<>(BoundedContext.class);
    private final ConfigurableApplicationContext application;

    RunningGateway(String... settings) {
        for (var context : BoundedContext.values()) {
            contexts.put(context, new StubContext());
        }
        var arguments = new ArrayList<>(List.of("--server.port=0", "--management.server.port=0"));
        contexts.forEach(
                (context, stub) -> arguments.add("--waybill.gateway.contexts." + context.id() + "=" + stub.address()));
        arguments.addAll(List.of(settings));
        application = GatewayApplication.start(arguments.toArray(String[]::new));
    }

    StubContext context(BoundedContext context) {
        return contexts.get(context);
    }

    void forget() {
        contexts.values().forEach(StubContext::forget);
    }

    WebTestClient client() {
        return client(port());
    }

    WebTestClient managementClient() {
        return client(managementPort());
    }

    URI at(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port() + pathAndQuery);
    }

    int port() {
        return port("local.server.port");
    }

    int managementPort() {
        return port("local.management.port");
    }

    void stop() {
        application.close();
    }

    /** Sends the lines as they stand and reads until the gateway closes the connection or falls silent. */
    String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        application.close();
        contexts.values().forEach(StubContext::close);
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
