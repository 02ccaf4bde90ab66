package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

@ExtendWith(OutputCaptureExtension.class)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FailingContextTest {

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway =
                new RunningGateway("--waybill.gateway.response-timeout=300ms", "--waybill.gateway.list-timeout=300ms");
        gateway.context(BoundedContext.PAYMENT).close();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void forget() {
        gateway.forget();
    }

    @Test
    void a_context_that_is_not_there_is_unavailable_for_now(CapturedOutput log) {
        gateway.client()
                .get()
                .uri("/api/payments/p-1?secret=1")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .valueEquals("Retry-After", "5")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("CONTEXT_UNAVAILABLE")
                .jsonPath("$.instance")
                .isEqualTo("/api/payments/p-1");
        assertThat(log.getAll()
                        .lines()
                        .filter(line -> line.contains("WARN") || line.contains("ERROR"))
                        // There is no Redis here either.
                        .filter(line -> !line.contains("RedisLink")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("GET /api/payments/{id}: CONTEXT_UNAVAILABLE of payment")
                        .doesNotContain("secret"));
    }

    @Test
    void a_context_that_hangs_up_is_unavailable_and_is_not_asked_twice() {
        gateway.context(BoundedContext.ORDER).answers(StubContext.reset());

        gateway.client()
                .post()
                .uri("/api/orders")
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("Retry-After", "5")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("CONTEXT_UNAVAILABLE");
        assertThat(gateway.context(BoundedContext.ORDER).seen()).hasSize(1);
    }

    @Test
    void a_context_that_keeps_silent_is_unavailable_for_now() {
        gateway.context(BoundedContext.SHIPPING).answers(StubContext.silence());

        gateway.client()
                .get()
                .uri("/api/shipments/s-1")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .valueEquals("Retry-After", "5")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("CONTEXT_UNAVAILABLE");
    }

    @Test
    void a_context_that_sends_headers_and_no_body_is_unavailable_too() {
        gateway.context(BoundedContext.INVENTORY)
                .answers(response -> response.header("Content-Type", "text/plain")
                        .header("Waybill-Consistency", "1")
                        .header("Content-Length", "10")
                        .sendHeaders()
                        .then(Mono.never()));

        gateway.client()
                .get()
                .uri("/api/products")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .valueEquals("Retry-After", "5")
                .expectHeader()
                .doesNotExist("Waybill-Consistency")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("CONTEXT_UNAVAILABLE");
    }

    @Test
    void an_answer_that_breaks_off_is_never_passed_on_as_whole() throws Exception {
        gateway.context(BoundedContext.INVENTORY)
                .answers(response -> response.header("Content-Type", "application/json")
                        .sendString(Flux.concat(
                                Mono.just("{\"items\":["),
                                Mono.delay(Duration.ofMillis(50))
                                        .then(Mono.fromRunnable(() -> response.withConnection(Connection::dispose))),
                                Mono.never())));

        var answer = gateway.raw("GET /api/products HTTP/1.1\nHost: x\n\n");

        assertThat(answer).contains("{\"items\":[").doesNotContain("\r\n0\r\n\r\n");
    }

    @Test
    void a_client_that_prefers_to_wait_is_given_longer_than_others() {
        gateway.context(BoundedContext.ORDER)
                .answers(response -> Mono.delay(Duration.ofMillis(900))
                        .then(Mono.from(StubContext.json(201, "{}").to(response))));

        gateway.client()
                .post()
                .uri("/api/orders")
                .header("Prefer", "wait=1")
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isCreated()
                .expectBody();
    }

    @Test
    void waiting_is_a_matter_of_placing_orders_only() {
        gateway.context(BoundedContext.ORDER).answers(StubContext.silence());
        var before = Instant.now();

        gateway.client()
                .get()
                .uri("/api/orders/o-1")
                .header("Prefer", "wait=30")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectBody();
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void merged_lists_go_on_without_contexts_that_fail_in_any_way() {
        gateway.context(BoundedContext.ORDER).answers(StubContext.json(200, """
            {"items":[{"context":"order","name":"order.tracking","lag":0},
                      {"context":"order","name":"order.fulfilment","lag":3}]}\
            """));
        gateway.context(BoundedContext.INVENTORY).answers(StubContext.silence());
        gateway.context(BoundedContext.SHIPPING).answers(StubContext.json(500, "{\"items\":[]}"));

        gateway.client()
                .get()
                .uri("/api/admin/processors")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .isEqualTo("""
                    {"items":[{"context":"order","name":"order.fulfilment","lag":3},\
                    {"context":"order","name":"order.tracking","lag":0}],\
                    "unavailable":["inventory","payment","shipping"]}\
                    """);
    }
}
