package io.waybill.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.gateway.BoundedContext;
import io.waybill.gateway.RunningGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StreamsPerClientTest {

    private static final String ADA = RunningGateway.tokenOf("cus_ada");
    private static final String BOB = RunningGateway.tokenOf("cus_bob");

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = new RunningGateway(
                "--waybill.gateway.admission.streams-per-client=2", "--waybill.gateway.admission.retry-after=2s");
        gateway.context(BoundedContext.ORDER)
                .answers(response ->
                        response.sse().sendString(Flux.concat(Mono.just("data: PLACED\n\n"), Mono.never())));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void one_client_has_so_many_and_nobody_else_fewer() throws IOException {
        try (var first = follows(ADA);
                var second = follows(ADA)) {
            gateway.client()
                    .get()
                    .uri("/api/orders/o-1/updates")
                    .header("Authorization", ADA)
                    .exchange()
                    .expectStatus()
                    .isEqualTo(429)
                    .expectHeader()
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .expectHeader()
                    .valueEquals("Retry-After", "2")
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("TOO_MANY_OWN_STREAMS");
            assertThat(refusals()).isOne();

            try (var another = follows(BOB)) {
                assertThat(followers()).isEqualTo(2);
                assertThat(another.isConnected()).isTrue();
            }
            assertThat(first.isConnected() && second.isConnected()).isTrue();
        }

        await().until(() -> followers() == 0);
        follows(ADA).close();
    }

    /** Returns when the first update is there. */
    private static Socket follows(String authorization) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET /api/orders/o-1/updates HTTP/1.1\r\nHost: x\r\nAuthorization: " + authorization
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        var read = new StringBuilder();
        while (read.indexOf("PLACED") < 0) {
            var next = socket.getInputStream().read();
            assertThat(next).as("the end of %s", read).isNotNegative();
            read.append((char) next);
        }
        assertThat(read).startsWith("HTTP/1.1 200");
        return socket;
    }

    private static double followers() {
        return gateway.gauge("waybill.gateway.admission.streaming-clients");
    }

    private static double refusals() {
        return gateway.bean(MeterRegistry.class)
                .get("waybill.gateway.admission.refused")
                .tag("lane", "streams-per-client")
                .counter()
                .count();
    }
}
