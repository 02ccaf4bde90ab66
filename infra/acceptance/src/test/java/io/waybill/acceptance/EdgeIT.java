package io.waybill.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What gets no further than the gateway, and what it says to browsers. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(value = SharedSystem.LOCK, mode = ResourceAccessMode.READ)
class EdgeIT {

    private final Http gateway = Http.toGateway(SharedSystem::get);
    private final Visitor visitor = Visitor.of(SharedSystem.get());

    @Test
    void a_target_is_of_a_sane_length() {
        assertProblem(visitor.get("/api/products?cursor=" + "x".repeat(20_000)), 414, "TARGET_TOO_LONG");
    }

    @Test
    void headers_are_of_a_sane_size() {
        assertProblem(visitor.get("/api/products", "X-Padding", "x".repeat(20_000)), 431, "HEADERS_TOO_LARGE");
    }

    @Test
    void a_body_that_nobody_may_send_is_not_read_either() {
        assertProblem(visitor.post("/api/users/login", "x".repeat(70_000)), 413, "BODY_TOO_LARGE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/orders", "/api/users/register"})
    void json_is_not_followed_into_any_depth(String path) {
        String deep = "{\"lines\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}";

        Answer answer = gateway.post(path, deep, "X-Forwarded-For", visitor.address());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isIn("MALFORMED_REQUEST", "UNKNOWN_FIELD");
    }

    @Test
    @Execution(CONCURRENT)
    void headers_that_do_not_end_are_not_waited_for() throws IOException {
        try (var connection = sends("GET /api/products HTTP/1.1\r\nHost: x\r\n")) {
            // All that comes until the gateway hangs up.
            assertThat(new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 408")
                    .contains("\"REQUEST_TIMEOUT\"");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void a_body_that_does_not_arrive_is_not_waited_for() throws IOException {
        String head = "POST /api/users/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        try (var connection =
                sends(head + "X-Forwarded-For: " + visitor.address() + "\r\nContent-Length: 10\r\n\r\n{")) {
            assertThat(new String(connection.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
                    .isEqualTo("HTTP/1.1 408");
        }
    }

    @Test
    void browsers_may_do_nothing_with_answers_and_problems_and_pages_of_others_do_not_see_them() {
        for (Answer answer : List.of(
                visitor.get("/api/products", "Origin", "https://shop.example"),
                visitor.get("/api/orders", "Origin", "https://shop.example"),
                visitor.get("/nowhere", "Origin", "https://shop.example"))) {
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
            assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control-"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/health",
                "/actuator/prometheus",
                "/actuator/env",
                "/actuator/gateway/routes",
                "/api/admin/gateway/routes",
                "/api/actuator/health",
            })
    void what_is_for_those_who_run_it_is_not_reachable_from_outside(String path) {
        assertProblem(visitor.get(path), 404, "ROUTE_NOT_FOUND");
        assertProblem(visitor.post(path, "{}"), 404, "ROUTE_NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/admin/order/actuator/health", "/api/admin/order/%2e%2e/%2e%2e/actuator/health"})
    void nor_by_way_of_a_context(String path) {
        assertThat(gateway.get(path).status()).isIn(400, 403, 404);
    }

    /** Sends what is not the whole request, and no more. */
    private static Socket sends(String part) throws IOException {
        var address = SharedSystem.get().gateway();
        var connection = new Socket(address.getHost(), address.getPort());
        connection.setSoTimeout(60_000);
        connection.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
        connection.getOutputStream().flush();
        return connection;
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text("code")).isEqualTo(code);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    }
}
