package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LiveUpdatesTest {

    private RunningGateway gateway;
    private final Sinks.Many<String> updates = Sinks.many().unicast().onBackpressureBuffer();
    private final AtomicBoolean left = new AtomicBoolean();

    @BeforeEach
    void start() {
        gateway = new RunningGateway("--waybill.gateway.response-timeout=200ms");
        gateway.context(BoundedContext.ORDER)
                .answers(response -> response.sse().sendString(updates.asFlux().doOnCancel(() -> left.set(true))));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void each_update_arrives_when_it_is_sent_however_long_that_takes() throws Exception {
        try (var client = new Client(gateway.port())) {
            emit("data: PLACED\n\n");
            assertThat(client.lineWith("PLACED")).isEqualTo("data: PLACED");

            quietFor(Duration.ofMillis(600));
            emit("data: CONFIRMED\n\n");
            assertThat(client.lineWith("CONFIRMED")).isEqualTo("data: CONFIRMED");
        }
        assertThat(gateway.context(BoundedContext.ORDER).last().headers().get("Last-Event-ID"))
                .isEqualTo("41");
    }

    @Test
    void the_first_update_may_be_as_late_as_it_likes() throws Exception {
        gateway.context(BoundedContext.ORDER)
                .answers(response -> Mono.delay(Duration.ofMillis(600))
                        .then(response.sse()
                                .sendString(Mono.just("data: LATE\n\n"))
                                .then()));

        try (var client = new Client(gateway.port())) {
            assertThat(client.lineWith("LATE")).isEqualTo("data: LATE");
        }
    }

    @Test
    void the_context_is_left_when_the_client_leaves() throws Exception {
        try (var client = new Client(gateway.port())) {
            emit("data: PLACED\n\n");
            client.lineWith("PLACED");
        }

        await().atMost(Duration.ofSeconds(10)).untilTrue(left);
    }

    @Test
    void the_stream_ends_in_order_and_at_once_when_the_gateway_stops() throws Exception {
        try (var client = new Client(gateway.port())) {
            emit("data: PLACED\n\n");
            client.lineWith("PLACED");

            var stopped = CompletableFuture.runAsync(gateway::stop);

            assertThat(client.rest()).endsWith("0\n\n");
            assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    private void emit(String update) {
        updates.tryEmitNext(update).orThrow();
    }

    private static void quietFor(Duration duration) {
        await().pollDelay(duration).until(() -> true);
    }

    private static final class Client implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader reader;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("""
                GET /api/orders/o-1/updates HTTP/1.1\r
                Host: x\r
                Accept: text/event-stream\r
                Last-Event-ID: 41\r
                \r
                """.getBytes(StandardCharsets.US_ASCII));
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        String lineWith(String word) throws IOException {
            var line = reader.readLine();
            while (line != null && !line.contains(word)) {
                line = reader.readLine();
            }
            return line;
        }

        String rest() {
            return reader.lines().reduce("", (text, line) -> text + line + "\n");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
