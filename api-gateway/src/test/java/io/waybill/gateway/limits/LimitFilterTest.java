package io.waybill.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.gateway.BoundedContext;
import io.waybill.gateway.RunningGateway;
import io.waybill.gateway.StubContext;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LimitFilterTest {

    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = new RunningGateway(Stream.concat(
                        Stream.of("--waybill.gateway.trusted-proxies=127.0.0.0/8"),
                        Stream.of(Gateways.settings(Map.of(
                                "policies.browsing.quota", "2",
                                "policies.browsing.refill", "1",
                                "policies.browsing.per", "30s",
                                "policies.browsing.routes", "GET /api/products",
                                "policies.watching.quota", "2",
                                "policies.watching.refill", "1",
                                "policies.watching.per", "30s",
                                "policies.watching.routes", "GET /api/orders"))))
                .toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void every_answer_tells_what_is_left() {
        gateway.client()
                .get()
                .uri("/api/products")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("RateLimit-Policy", "\"browsing\";q=2;w=60")
                .expectHeader()
                .valueEquals("RateLimit", "\"browsing\";r=1;t=30");
    }

    @Test
    void who_asks_too_often_is_told_when_to_come_back_and_reaches_no_context() {
        twoRequests("203.0.113.7");
        gateway.forget();

        gateway.client()
                .get()
                .uri("/api/products")
                .header("X-Forwarded-For", "203.0.113.7")
                .exchange()
                .expectStatus()
                .isEqualTo(429)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .valueEquals("RateLimit", "\"browsing\";r=0;t=30")
                .expectHeader()
                .valueEquals("Retry-After", "30")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("RATE_LIMITED");
        assertThat(gateway.context(BoundedContext.INVENTORY).seen()).isEmpty();
    }

    @Test
    void others_and_other_routes_are_not_concerned() {
        twoRequests("203.0.113.7");

        expectStatus("203.0.113.7", "/api/products/MUG", 200);
        expectStatus("203.0.113.8", "/api/products", 200);
        expectStatus("198.51.100.1, 203.0.113.7", "/api/products", 429);
    }

    @Test
    void who_is_logged_in_is_one_client_from_wherever_they_ask() {
        expectStatusAs("cus_1", "203.0.113.7", 200);
        expectStatusAs("cus_1", "203.0.113.8", 200);

        expectStatusAs("cus_1", "203.0.113.9", 429);
        expectStatusAs("cus_2", "203.0.113.7", 200);
    }

    @Test
    void one_network_of_ipv6_is_one_client() {
        expectStatus("2001:db8:1:2::1", "/api/products", 200);
        expectStatus("2001:db8:1:2:ffff::2", "/api/products", 200);
        expectStatus("2001:db8:1:2:3:4:5:6", "/api/products", 429);
        expectStatus("2001:db8:1:3::1", "/api/products", 200);
    }

    @Test
    void a_failing_context_does_not_hide_the_limits() {
        gateway.context(BoundedContext.INVENTORY).answers(StubContext.reset());

        gateway.client()
                .get()
                .uri("/api/products")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .exists("RateLimit");
    }

    @Test
    void a_context_may_not_speak_about_limits() {
        gateway.context(BoundedContext.INVENTORY)
                .answers(response ->
                        response.header("RateLimit", "\"mine\";r=999").send());

        gateway.client()
                .get()
                .uri("/api/products")
                .exchange()
                .expectHeader()
                .valueEquals("RateLimit", "\"browsing\";r=1;t=30");
    }

    private void twoRequests(String client) {
        expectStatus(client, "/api/products", 200);
        expectStatus(client, "/api/products", 200);
    }

    private void expectStatusAs(String customer, String address, int status) {
        gateway.client()
                .get()
                .uri("/api/orders")
                .header("Authorization", RunningGateway.tokenOf(customer))
                .header("X-Forwarded-For", address)
                .exchange()
                .expectStatus()
                .isEqualTo(status);
    }

    private void expectStatus(String client, String path, int status) {
        gateway.client()
                .get()
                .uri(path)
                .header("X-Forwarded-For", client)
                .exchange()
                .expectStatus()
                .isEqualTo(status);
    }
}
