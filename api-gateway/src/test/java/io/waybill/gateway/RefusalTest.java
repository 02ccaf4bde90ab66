package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RefusalTest {

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = new RunningGateway("--waybill.gateway.max-body=1KB", "--waybill.gateway.request-timeout=300ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void forget() {
        gateway.forget();
    }

    @AfterEach
    void no_context_was_bothered() {
        assertThat(Arrays.stream(BoundedContext.values()))
                .allSatisfy(
                        context -> assertThat(gateway.context(context).seen()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api",
                "/api/orders/",
                "/api/orders/o-1/secrets",
                "/api/orders/o-1/history/1",
                "/api/payments",
                "/api/shipments",
                "/api/admin",
                "/api/admin/billing/processors",
                "/api/admin/ORDER/processors",
                "/api/admin/processors/x",
                "/API/orders",
                "/actuator/health",
                "/actuator/gateway/routes",
                "/favicon.ico",
                "/index.html",
            })
    void a_path_that_is_not_listed_is_not_found(String path) {
        var answer = gateway.client().get().uri(gateway.at(path)).exchange();

        expectProblem(answer, ProblemCode.ROUTE_NOT_FOUND, 404, path);
    }

    @ParameterizedTest(name = "{0} {1} allows {2}")
    @CsvSource({
        "DELETE, /api/orders, 'GET, HEAD, POST'",
        "POST, /api/orders/o-1, 'GET, HEAD'",
        "GET, /api/orders/o-1/cancellation, POST",
        "POST, /api/products/mug, 'GET, HEAD, PUT'",
        "HEAD, /api/products/mug/stock, POST",
        "OPTIONS, /api/orders, 'GET, HEAD, POST'",
        "HEAD, /api/orders/o-1/updates, GET",
        "POST, /api/admin/processors, 'GET, HEAD'",
        "OPTIONS, /api/admin/order/x, 'DELETE, GET, HEAD, PATCH, POST, PUT'",
        "TRACE, /api/admin/order/x, 'DELETE, GET, HEAD, PATCH, POST, PUT'",
    })
    void a_method_that_the_path_does_not_answer_is_refused_with_those_it_does(
            String method, String path, String allow) {
        var answer =
                gateway.client().method(HttpMethod.valueOf(method)).uri(path).exchange();

        answer.expectStatus().isEqualTo(405).expectHeader().valueEquals("Allow", allow);
        if (!method.equals("HEAD")) {
            expectProblem(answer, ProblemCode.METHOD_NOT_ALLOWED, 405, path);
        }
    }

    @Test
    void a_preflight_is_refused_like_any_other_method() {
        var answer = gateway.client()
                .options()
                .uri("/api/orders")
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .exchange();

        expectProblem(answer, ProblemCode.METHOD_NOT_ALLOWED, 405, "/api/orders");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/orders/..",
                "/api/orders/%2e%2E",
                "/api/admin/order/../../internal",
                "/api/admin/order/%2e%2e/payment",
                "/api/admin/order/a%2Fb",
                "/api/admin/order/a%5Cb",
                "/api/admin/order/a%00b",
                "/api/admin/order/a%0d%0ab",
                "/api/admin/order//b",
                "/api//admin/order/b",
                "/api/orders;x=1",
                "/api/admin/order/..;/x",
            })
    void a_path_that_a_context_might_read_differently_is_refused(String path) {
        var answer = gateway.client().get().uri(gateway.at(path)).exchange();

        expectProblem(answer, ProblemCode.BAD_REQUEST, 400, path);
    }

    @ParameterizedTest
    @ValueSource(ints = {1025, 2_000_000})
    void a_body_that_announces_itself_too_large_is_refused(int length) {
        var answer = gateway.client()
                .post()
                .uri("/api/orders")
                .bodyValue("x".repeat(length))
                .exchange();

        expectProblem(answer, ProblemCode.BODY_TOO_LARGE, 413, "/api/orders");
    }

    @Test
    void a_body_that_turns_out_too_large_is_refused() throws Exception {
        var answer = gateway.raw("""
            POST /api/orders HTTP/1.1
            Host: x
            Connection: close
            Transfer-Encoding: chunked

            200
            %1$s
            200
            %1$s
            1
            x
            0

            """.formatted("x".repeat(512)));

        assertThat(answer).startsWith("HTTP/1.1 413").contains("\"code\":\"BODY_TOO_LARGE\"");
    }

    @Test
    void a_body_that_does_not_arrive_is_not_waited_for() throws Exception {
        var answer = gateway.raw("""
            POST /api/orders HTTP/1.1
            Host: x
            Connection: close
            Content-Length: 10

            {\
            """);

        assertThat(answer).startsWith("HTTP/1.1 408").contains("\"code\":\"REQUEST_TIMEOUT\"");
    }

    @Test
    void a_body_that_breaks_off_goes_nowhere() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.getOutputStream()
                    .write("POST /api/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"
                            .getBytes(StandardCharsets.US_ASCII));
        }

        expectNothingToArrive();
    }

    @Test
    void a_body_that_breaks_the_protocol_is_refused() throws Exception {
        var answer = gateway.raw("""
            POST /api/orders HTTP/1.1
            Host: x
            Connection: close
            Transfer-Encoding: chunked

            2
            {}
            nonsense
            """);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\":\"BAD_REQUEST\"");
        expectNothingToArrive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/orders/{id}",
                "/api/orders?a=%zz",
                "/api/orders|",
                "/api/orders?a[]=1",
                "/api/orders?[",
                "/api/orders?a=\u00e9",
                "/api/orders/\u00e9"
            })
    void a_target_that_is_no_uri_is_refused(String target) throws Exception {
        var answer = gateway.raw("GET " + target + " HTTP/1.1\nHost: x\nConnection: close\n\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\":\"BAD_REQUEST\"");
    }

    private static void expectNothingToArrive() {
        await().during(Duration.ofMillis(300))
                .until(() -> gateway.context(BoundedContext.ORDER).seen().isEmpty());
    }

    private static void expectProblem(ResponseSpec answer, ProblemCode code, int status, String path) {
        answer.expectStatus()
                .isEqualTo(status)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code.name())
                .jsonPath("$.status")
                .isEqualTo(status)
                .jsonPath("$.title")
                .isNotEmpty()
                .jsonPath("$.detail")
                .isNotEmpty()
                .jsonPath("$.type")
                .isNotEmpty()
                .jsonPath("$.instance")
                .isEqualTo(path);
    }
}
