package io.waybill.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.gateway.BoundedContext;
import io.waybill.gateway.RunningGateway;
import io.waybill.gateway.StubContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AdmissionTest {

    private static RunningGateway gateway;

    private Sinks.Empty<Void> release;

    @BeforeAll
    static void start() {
        gateway = new RunningGateway(
                "--waybill.gateway.admission.ordinary=2",
                "--waybill.gateway.admission.waiting=1",
                "--waybill.gateway.admission.streams=1",
                "--waybill.gateway.admission.bodies=3",
                "--waybill.gateway.admission.retry-after=2s",
                "--waybill.gateway.admission.head-timeout=300ms",
                "--waybill.gateway.admission.read-timeout=500ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void contexts_answer_when_they_are_released() {
        gateway.forget();
        release = Sinks.empty();
        for (var context : BoundedContext.values()) {
            gateway.context(context)
                    .answers(response -> release.asMono()
                            .then(Mono.from(StubContext.json(200, "{}").to(response))));
        }
    }

    @AfterEach
    void all_places_are_free_again() {
        release.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        await().until(() -> taken("ordinary") + taken("waiting") + taken("streams") + taken("bodies") == 0);
    }

    @Test
    void beyond_the_limit_the_answer_is_fast_and_says_when_to_come_back() throws IOException {
        try (var first = asks("GET /api/products");
                var second = asks("GET /api/payments/p-1")) {
            await().until(() -> taken("ordinary") == 2);

            expectOverload(gateway.client().get().uri("/api/products").exchange());

            assertThat(first.isConnected() && second.isConnected()).isTrue();
            assertThat(refused("ordinary")).isPositive();
        }
    }

    @Test
    void those_who_wait_or_watch_take_nobody_elses_place() throws IOException {
        try (var first = asks("GET /api/products");
                var second = asks("GET /api/payments/p-1")) {
            await().until(() -> taken("ordinary") == 2);
            try (var waiting = asks("POST /api/orders", "Prefer: wait=5");
                    var stream = asks("GET /api/orders/o-1/updates")) {
                await().until(() -> taken("waiting") == 1 && taken("streams") == 1);

                expectOverload(gateway.client()
                        .post()
                        .uri("/api/orders")
                        .header("Prefer", "wait=5")
                        .exchange());
                expectOverload(
                        gateway.client().get().uri("/api/orders/o-1/updates").exchange());
                assertThat(waiting.isConnected() && stream.isConnected()).isTrue();
            }
            assertThat(first.isConnected() && second.isConnected()).isTrue();
        }
    }

    @Test
    void what_a_context_holds_for_a_token_takes_no_place_of_those_that_it_does_not_hold() throws IOException {
        try (var held = asks("POST /api/orders", "Waybill-Consistency: token")) {
            await().until(() -> taken("waiting") == 1);

            assertThat(taken("ordinary")).isZero();
            assertThat(held.isConnected()).isTrue();
        }
    }

    @Test
    void a_client_that_gives_up_leaves_its_place() throws IOException {
        try (var first = asks("GET /api/products");
                var second = asks("GET /api/products")) {
            await().until(() -> taken("ordinary") == 2);
            assertThat(first.isConnected() && second.isConnected()).isTrue();
        }

        await().until(() -> taken("ordinary") == 0);
    }

    @Test
    void a_body_is_not_even_read_when_there_is_no_place() throws IOException {
        try (var first = asks("GET /api/products");
                var second = asks("GET /api/products")) {
            await().until(() -> taken("ordinary") == 2);

            var answer = gateway.raw("POST /api/orders HTTP/1.1\nHost: x\nConnection: close\nContent-Length: 10\n\n");

            assertThat(answer).startsWith("HTTP/1.1 503").contains("\"code\":\"OVERLOADED\"");
            assertThat(first.isConnected() && second.isConnected()).isTrue();
        }
    }

    @Test
    void bodies_that_do_not_come_take_nobodys_place() throws IOException {
        // Each holds one of the two places until its body is awaited, so the third comes when the others do not.
        try (var first = asks("POST /api/orders", "Content-Length: 10");
                var second = asks("POST /api/orders", "Content-Length: 10")) {
            await().until(() -> taken("bodies") == 2);
            try (var third = asks("POST /api/orders", "Transfer-Encoding: chunked")) {
                await().until(() -> taken("bodies") == 3);
                release.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);

                gateway.client()
                        .get()
                        .uri("/api/products")
                        .exchange()
                        .expectStatus()
                        .isOk();

                assertThat(first.isConnected() && second.isConnected() && third.isConnected())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 10", "Transfer-Encoding: chunked"})
    void a_query_does_not_wait_for_its_body(String announcement) throws IOException {
        release.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        try (var client = asks("GET /api/products", announcement)) {
            readUntil(client, "HTTP/1.1 200");
        }

        assertThat(gateway.context(BoundedContext.INVENTORY).last().body()).isEmpty();
    }

    @Test
    void the_body_of_a_query_is_not_taken_for_the_next_request() throws IOException {
        release.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        try (var client = asks("GET /api/products", "Content-Length: 22")) {
            client.getOutputStream().write(ascii("GET /nothing HTTP/1.1\n\n"));
            readUntil(client, "HTTP/1.1 200");
            client.getOutputStream().write(ascii("GET /api/payments/p-1 HTTP/1.1\r\nHost: x\r\n\r\n"));

            readUntil(client, "HTTP/1.1 200");
        }

        assertThat(gateway.context(BoundedContext.PAYMENT).last().target()).isEqualTo("/api/payments/p-1");
    }

    @Test
    void of_too_many_bodies_the_one_that_was_awaited_longest_is_given_up() throws IOException {
        try (var eldest = asks("POST /api/orders", "Content-Length: 2")) {
            await().until(() -> taken("bodies") == 1);
            try (var second = asks("POST /api/orders", "Content-Length: 2");
                    var third = asks("POST /api/orders", "Content-Length: 2")) {
                await().until(() -> taken("bodies") == 3);
                try (var newest = asks("POST /api/orders", "Content-Length: 2")) {
                    readUntil(eldest, "\"code\":\"OVERLOADED\"");
                    assertThat(refused("bodies")).isPositive();

                    release.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
                    newest.getOutputStream().write(ascii("{}"));
                    readUntil(newest, "HTTP/1.1 200");
                    assertThat(second.isConnected() && third.isConnected()).isTrue();
                }
            }
        }
    }

    @Test
    void a_body_that_comes_when_all_places_are_taken_is_refused() throws IOException {
        try (var late = asks("POST /api/orders", "Content-Length: 2")) {
            await().until(() -> taken("bodies") == 1);
            try (var first = asks("GET /api/products");
                    var second = asks("GET /api/products")) {
                await().until(() -> taken("ordinary") == 2);

                late.getOutputStream().write(ascii("{}"));

                readUntil(late, "\"code\":\"OVERLOADED\"");
                assertThat(first.isConnected() && second.isConnected()).isTrue();
            }
        }
    }

    @Test
    void a_refused_client_does_not_keep_its_connection_by_never_sending_its_body() throws IOException {
        var answer = gateway.raw("POST /api/nothing HTTP/1.1\nHost: x\nContent-Length: 10\n\n");

        assertThat(answer).startsWith("HTTP/1.1 404");
    }

    @Test
    void a_target_that_is_too_long_is_refused() throws IOException {
        var answer = gateway.raw("GET /api/products?x=" + "y".repeat(5_000) + " HTTP/1.1\nHost: x\n\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 414")
                .contains("content-type: application/problem+json")
                .contains("\"code\":\"TARGET_TOO_LONG\"");
    }

    @Test
    void headers_that_are_too_large_are_refused() throws IOException {
        var answer = gateway.raw("GET /api/products HTTP/1.1\nHost: x\nX-Much: " + "y".repeat(200_000) + "\n\n");

        assertThat(answer).startsWith("HTTP/1.1 431").contains("\"code\":\"HEADERS_TOO_LARGE\"");
    }

    @Test
    void what_is_no_http_is_refused() throws IOException {
        assertThat(gateway.raw("nonsense\n\n")).startsWith("HTTP/1.1 400").contains("\"code\":\"BAD_REQUEST\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: y", "Host: x\nHost: x", "Host: x\nHost: y"})
    void a_request_that_does_not_name_one_host_is_refused(String headers) throws IOException {
        assertThat(gateway.raw("GET /api/products HTTP/1.1\n" + headers + "\n\n"))
                .startsWith("HTTP/1.1 400")
                .contains("\"code\":\"BAD_REQUEST\"", "date: ");
    }

    @Test
    void before_http_1_1_nobody_named_a_host() throws IOException {
        release.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);

        assertThat(gateway.raw("GET /api/products HTTP/1.0\n\n")).contains(" 200 OK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz", "0\nX: \u0001", "0\n: y"})
    void a_body_whose_form_is_broken_is_refused(String rest) throws IOException {
        var answer = gateway.raw("POST /api/orders HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n" + rest + "\n\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("content-type: application/problem+json")
                .contains("\"code\":\"BAD_REQUEST\"");
    }

    @Test
    void trailers_that_are_too_large_are_refused() throws IOException {
        var answer = gateway.raw("POST /api/orders HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n0\nX-Much: "
                + "y".repeat(20_000) + "\n\n");

        assertThat(answer).startsWith("HTTP/1.1 431").contains("\"code\":\"HEADERS_TOO_LARGE\"");
    }

    @Test
    void a_broken_request_behind_another_is_refused_after_that_was_answered() throws IOException {
        try (var socket = asks("GET /api/products")) {
            await().until(() -> taken("ordinary") == 1);
            socket.getOutputStream().write(ascii("GET /api/orders HTTP/1.1\r\nX: \u0001\r\n\r\n"));
            release.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);

            readUntil(socket, "HTTP/1.1 200");
            readUntil(socket, "HTTP/1.1 400");
            readUntil(socket, "\"code\":\"BAD_REQUEST\"");
        }
    }

    @Test
    void a_broken_body_behind_another_request_is_no_whole_body() throws IOException {
        try (var socket = asks("GET /api/products")) {
            await().until(() -> taken("ordinary") == 1);
            var request = """
                POST /api/orders HTTP/1.1
                Host: x
                Transfer-Encoding: chunked

                2
                {}
                zz

                """;
            socket.getOutputStream().write(ascii(request.replace("\n", "\r\n")));
            release.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);

            readUntil(socket, "HTTP/1.1 200");
            readUntil(socket, "HTTP/1.1 400");
            readUntil(socket, "\"code\":\"BAD_REQUEST\"");
            assertThat(socket.getInputStream().readAllBytes()).asString().doesNotContain("HTTP/1.1");
            assertThat(gateway.context(BoundedContext.ORDER).seen()).isEmpty();
        }
    }

    @Test
    void http_of_another_kind_is_refused() throws IOException {
        assertThat(gateway.raw("PRI * HTTP/2.0\n\nSM\n\n"))
                .startsWith("HTTP/1.1 400")
                .contains("\"code\":\"BAD_REQUEST\"");
    }

    @Test
    void a_broken_body_of_a_request_that_was_refused_before_is_not_answered_again() throws IOException {
        var answer = gateway.raw("POST /api/nothing HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\nzz\n\n");

        assertThat(answer).startsWith("HTTP/1.1 404").containsOnlyOnce("HTTP/1.1");
    }

    @Test
    void a_head_that_trickles_in_is_not_waited_for() throws IOException {
        try (var socket = connect()) {
            var out = socket.getOutputStream();
            var answer = Mono.fromCallable(() -> socket.getInputStream().readAllBytes())
                    .subscribeOn(Schedulers.boundedElastic())
                    .toFuture();
            out.write(ascii("GET /api/products HTTP/1.1\r\n"));
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                if (!answer.isDone()) {
                    trickle(socket);
                }
                return answer.isDone();
            });
            assertThat(new String(answer.join(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 408")
                    .contains("\"code\":\"REQUEST_TIMEOUT\"");
        }
    }

    @Test
    void a_connection_may_rest_between_requests_and_is_used_again() throws IOException {
        release.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        try (var socket = connect()) {
            var request = ascii("GET /api/products HTTP/1.1\r\nHost: x\r\n\r\n");
            for (var i = 0; i < 3; i++) {
                socket.getOutputStream().write(request);
                assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 200");
                var rest = new byte[8_192];
                await().pollDelay(Duration.ofMillis(400))
                        .until(() -> socket.getInputStream().available() == 0
                                || socket.getInputStream().read(rest) > 0);
            }
        }
    }

    @Test
    void a_request_that_came_too_early_and_is_refused_at_once_leaves_the_connection_alive() throws IOException {
        try (var socket = asks("GET /api/products")) {
            await().until(() -> taken("ordinary") == 1);
            socket.getOutputStream().write(ascii("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"));
            release.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
            readUntil(socket, "ROUTE_NOT_FOUND");

            socket.getOutputStream().write(ascii("GET /api/orders HTTP/1.1\r\nHost: x\r\n\r\n"));

            readUntil(socket, "HTTP/1.1 200");
        }
    }

    private static void readUntil(Socket socket, String awaited) throws IOException {
        socket.setSoTimeout(5_000);
        var read = new StringBuilder();
        while (read.indexOf(awaited) < 0) {
            var next = socket.getInputStream().read();
            assertThat(next).as("the end of %s", read).isNotNegative();
            read.append((char) next);
        }
    }

    @Test
    void a_client_that_does_not_listen_is_cut_off() throws IOException {
        var chunk = "data: " + "x".repeat(10_000) + "\n\n";
        gateway.context(BoundedContext.ORDER)
                .answers(response ->
                        response.sse().sendString(Flux.range(0, 10_000).map(i -> chunk)));

        try (var deaf = asks("GET /api/orders/o-1/updates")) {
            await().until(() -> taken("streams") == 1);
            await().until(() -> taken("streams") == 0);
            assertThat(deaf.isConnected()).isTrue();
        }
    }

    private static void trickle(Socket socket) {
        try {
            socket.getOutputStream().write(ascii("X: y\r\n"));
        } catch (IOException cutOff) {
            assertThat(cutOff).hasMessageMatching("(?i).*(broken pipe|reset|closed).*");
        }
    }

    private static Socket asks(String what, String... headers) throws IOException {
        var socket = connect();
        socket.getOutputStream()
                .write(ascii(what + " HTTP/1.1\r\nHost: x\r\n" + String.join("\r\n", headers)
                        + (headers.length == 0 ? "" : "\r\n") + "\r\n"));
        return socket;
    }

    private static Socket connect() throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(8_192);
        socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void expectOverload(ResponseSpec answer) {
        answer.expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .valueEquals("Retry-After", "2")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("OVERLOADED");
    }

    private static double taken(String lane) {
        return gateway.bean(MeterRegistry.class)
                .get("waybill.gateway.admission.under-way")
                .tag("lane", lane)
                .gauge()
                .value();
    }

    private static double refused(String lane) {
        return gateway.bean(MeterRegistry.class)
                .get("waybill.gateway.admission.refused")
                .tag("lane", lane)
                .counter()
                .count();
    }
}
