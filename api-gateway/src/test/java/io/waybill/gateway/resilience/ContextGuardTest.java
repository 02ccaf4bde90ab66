package io.waybill.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.waybill.gateway.BoundedContext;
import io.waybill.gateway.RunningGateway;
import io.waybill.gateway.StubContext;
import io.waybill.gateway.StubContext.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

@ExtendWith(OutputCaptureExtension.class)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ContextGuardTest {

    private static final Map<String, String> QUICK = Map.of(
            "try-timeout", "250ms",
            "keyed-try-timeout", "1s",
            "first-pause", "20ms",
            "open-for", "800ms",
            "bulkhead", "3");

    /** Longer than a try, as a context holds what must wait for something. */
    private static final Duration HELD = Duration.ofMillis(400);

    private RunningGateway gateway;

    @BeforeEach
    void start() {
        gateway = new RunningGateway(Stream.concat(
                        QUICK.entrySet().stream()
                                .map(setting ->
                                        "--waybill.gateway.resilience." + setting.getKey() + "=" + setting.getValue()),
                        // What has no time of its own per try has this.
                        Stream.of("--waybill.gateway.list-timeout=250ms", "--waybill.gateway.response-timeout=4s"))
                .toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Nested
    class A_breaker {

        @Test
        void opens_after_five_failures_in_a_row_and_closes_when_the_context_is_back(CapturedOutput log) {
            payments().answers(StubContext.json(500, "{}"));
            IntStream.range(0, 5).forEach(i -> expect("/api/payments/p-1", 500));

            expect("/api/payments/p-1", 503).expectHeader().valueEquals("Retry-After", "1");

            assertThat(payments().seen()).hasSize(5);
            assertThat(state("payment-reading")).isEqualTo("open");
            payments().answers(StubContext.json(200, "{}"));
            await().until(() -> get("/api/payments/p-1") == 200);
            await().until(() -> {
                get("/api/payments/p-1");
                return state("payment-reading").equals("closed");
            });
            assertThat(log.getAll().lines().filter(line -> line.contains("Breaker payment-reading")))
                    .satisfiesExactly(
                            line -> assertThat(line).contains("OPEN after CLOSED"),
                            line -> assertThat(line).contains("HALF_OPEN after OPEN"),
                            line -> assertThat(line).contains("CLOSED after HALF_OPEN"));
        }

        @Test
        void lets_some_through_as_soon_as_a_context_that_was_away_is_ready() {
            openFor("1h");
            payments().answers(StubContext.reset());
            await().until(() ->
                    get("/api/payments/p-1") == 503 && state("payment-reading").equals("open"));
            await().until(() -> payments().askedWhetherReady() > 0);

            payments().answers(StubContext.json(200, "{}"));

            await().until(() -> get("/api/payments/p-1") == 200);
            assertThat(state("payment-reading")).isIn("half_open", "closed");
        }

        @Test
        void lets_some_through_less_and_less_often_while_a_context_is_ready_and_fails() {
            openFor("1h");
            payments().saysThatItIsReady();
            payments().answers(StubContext.json(500, "{}"));

            await().until(() -> secondsOpen(), seconds -> seconds == 2);
            await().until(() -> secondsOpen(), seconds -> seconds == 4);
            assertThat(payments().seen()).hasSize(5 + 3);

            payments().answers(StubContext.json(200, "{}"));
            await().until(() -> get("/api/payments/p-1") == 200);
        }

        /** What it tells those that it turns away; nothing while it is not open. */
        private long secondsOpen() {
            var answer =
                    gateway.client().get().uri("/api/payments/p-1").exchange().returnResult(Void.class);
            var seconds = answer.getResponseHeaders().getFirst("Retry-After");
            return seconds == null ? 0 : Long.parseLong(seconds);
        }

        @Test
        void lets_some_through_when_a_context_that_is_ready_said_to_ask_again() {
            openFor("1h");
            payments().saysThatItIsReady();
            payments()
                    .answers(response ->
                            response.status(503).header("Retry-After", "5").sendString(Mono.just("{}")));
            await().until(() -> {
                get("/api/payments/p-1");
                return state("payment-reading").equals("open");
            });
            int asked = payments().seen().size();
            expect("/api/payments/p-1", 503).expectHeader().valueMatches("Retry-After", "[45]");
            assertThat(payments().seen()).hasSize(asked);

            payments().answers(StubContext.json(200, "{}"));

            await().until(() -> get("/api/payments/p-1") == 200);
        }

        @Test
        void has_nobody_come_every_second_while_a_context_is_away_for_longer_than_it_said() {
            openFor("1h");
            payments()
                    .answers(response ->
                            response.status(503).header("Retry-After", "1").sendString(Mono.just("{}")));
            await().until(() -> {
                get("/api/payments/p-1");
                return state("payment-reading").equals("open");
            });
            int asked = payments().seen().size();

            await().until(() -> secondsOpen(), seconds -> seconds == 5);

            assertThat(payments().seen()).hasSize(asked);
        }

        @Test
        void stays_closed_while_now_and_then_something_succeeds() {
            for (var round = 0; round < 3; round++) {
                payments().answers(StubContext.json(500, "{}"));
                IntStream.range(0, 4).forEach(i -> expect("/api/payments/p-1", 500));
                payments().answers(StubContext.json(404, "{}"));
                expect("/api/payments/p-1", 404);
            }

            assertThat(state("payment-reading")).isEqualTo("closed");
        }

        @Test
        void counts_every_try_and_is_no_concern_of_others() {
            inventory().answers(StubContext.silence());

            expect("/api/products", 503);
            expect("/api/products", 503);

            assertThat(inventory().seen()).hasSize(5);
            assertThat(state("inventory-reading")).isEqualTo("open");
            assertThat(state("inventory-writing")).isEqualTo("closed");
            expect("/api/payments/p-1", 200);
            inventory().answers(StubContext.json(200, "{}"));
            gateway.client()
                    .put()
                    .uri("/api/products/MUG")
                    .bodyValue("{}")
                    .exchange()
                    .expectStatus()
                    .isOk();
        }
    }

    @Nested
    class A_context_that_is_well_and_declines {

        @Test
        void opens_no_breaker() {
            inventory().answers(declined());

            IntStream.range(0, 6).forEach(i -> receiveStock(503));

            assertThat(inventory().seen()).hasSize(6);
            assertThat(state("inventory-writing")).isEqualTo("closed");
            inventory().answers(StubContext.json(503, "{}"));
            IntStream.range(0, 5).forEach(i -> receiveStock(503));
            assertThat(state("inventory-writing")).isEqualTo("open");
        }

        @Test
        void is_asked_again_where_that_does_no_harm() {
            orders().answers(inTurn(declined(), StubContext.json(202, "{}")));

            gateway.client()
                    .post()
                    .uri("/api/orders")
                    .header("Idempotency-Key", "k-1")
                    .bodyValue("{}")
                    .exchange()
                    .expectStatus()
                    .isAccepted();

            assertThat(orders().seen()).hasSize(2);
        }

        @Test
        void keeps_that_between_itself_and_the_gateway() {
            inventory().answers(declined());

            receiveStock(503)
                    .expectHeader()
                    .doesNotExist("Waybill-Well")
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("CONFLICTING_CHANGES");
        }

        private ResponseSpec receiveStock(int status) {
            var answer = gateway.client()
                    .post()
                    .uri("/api/products/MUG/stock")
                    .bodyValue("{\"quantity\":1}")
                    .exchange();
            answer.expectStatus().isEqualTo(status);
            return answer;
        }
    }

    @Nested
    class A_query_that_must_show_a_write {

        @Test
        void has_longer_than_a_try_and_is_held_once() {
            payments()
                    .answers(response -> response.header("Content-Type", "application/json")
                            .sendString(Mono.just("{}").delayElement(Duration.ofMillis(600))));

            expectToSee("/api/payments/p-1", 200);

            assertThat(payments().seen()).hasSize(1);
        }

        @Test
        void opens_no_breaker_where_the_read_model_is_behind() {
            payments().answers(declined());

            IntStream.range(0, 6).forEach(i -> expectToSee("/api/payments/p-1", 503));

            assertThat(payments().seen()).hasSize(6);
            assertThat(state("payment-catching-up")).isEqualTo("closed");
        }

        @Test
        void shuts_out_nobody_when_it_times_out() {
            payments().answers(StubContext.silence());

            expectAtOnce(6, () -> expectToSee("/api/payments/p-1", 503));

            payments().answers(StubContext.json(200, "{}"));
            expectToSee("/api/payments/p-1", 200);
            assertThat(state("payment-catching-up")).isEqualTo("closed");
        }

        private void expectToSee(String path, int status) {
            gateway.client()
                    .get()
                    .uri(path)
                    .header("Waybill-Consistency", "token")
                    .exchange()
                    .expectStatus()
                    .isEqualTo(status);
        }
    }

    @Nested
    class A_command_that_rests_on_a_write {

        @Test
        void is_held_for_longer_than_a_try_and_closes_nothing_to_others() {
            orders().answers(after(HELD, declined()));
            for (var i = 0; i < 6; i++) {
                order(503, "Waybill-Consistency", "forged");
            }

            orders().answers(StubContext.json(202, "{}"));
            order(202);
            order(202, "Waybill-Consistency", "honest");

            assertThat(orders().seen()).hasSize(8);
            assertThat(state("order-writing")).isEqualTo("closed");
            assertThat(state("order-writing-when-caught-up")).isEqualTo("closed");
        }

        @Test
        void shuts_out_nobody_when_it_times_out() {
            orders().answers(StubContext.silence());

            expectAtOnce(6, () -> order(504, "Waybill-Consistency", "forged"));

            orders().answers(StubContext.json(202, "{}"));
            order(202);
            order(202, "Waybill-Consistency", "honest");
        }

        @Test
        void is_not_sent_again_after_it_was_held() {
            orders().answers(after(HELD, declined()));

            order(503, "Waybill-Consistency", "late", "Idempotency-Key", "k-1");
            order(503, "Waybill-Consistency", "late", "Idempotency-Key", "k-2", "Prefer", "wait=1");

            assertThat(orders().seen()).hasSize(2);
        }

        @Test
        void opens_the_breaker_of_its_like_where_the_context_fails() {
            orders().answers(StubContext.json(500, "{}"));

            for (var i = 0; i < 5; i++) {
                order(500, "Waybill-Consistency", "honest");
            }

            assertThat(state("order-writing-when-caught-up")).isEqualTo("open");
            assertThat(state("order-writing")).isEqualTo("closed");
        }
    }

    @Nested
    class An_order_with_a_key {

        @Test
        void hears_that_another_with_its_key_is_under_way() {
            orders().answers(after(HELD, StubContext.json(409, "{\"code\":\"REQUEST_IN_FLIGHT\"}")));

            for (var i = 0; i < 6; i++) {
                order(409, "Idempotency-Key", "k-1")
                        .expectBody()
                        .jsonPath("$.code")
                        .isEqualTo("REQUEST_IN_FLIGHT");
            }

            assertThat(orders().seen()).hasSize(6);
            assertThat(state("order-writing-once")).isEqualTo("closed");
        }

        @Test
        void opens_a_breaker_where_the_context_keeps_silent() {
            orders().answers(StubContext.silence());

            expectAtOnce(5, () -> order(503, "Idempotency-Key", "k-1"));

            assertThat(state("order-writing-once")).isEqualTo("open");
        }
    }

    @Test
    void a_parameter_that_looks_like_a_preference_is_no_wish_to_wait() {
        orders().answers(after(HELD, StubContext.json(201, "{}")));

        order(504, "Prefer", "foo; wait=20");
        order(201, "Prefer", "wait=20");
    }

    @Nested
    class A_request_that_may_be_repeated {

        @Test
        void is_tried_again_after_a_try_that_timed_out() {
            inventory().answers(inTurn(StubContext.silence(), StubContext.json(200, "{}")));

            expect("/api/products", 200);

            assertThat(inventory().seen()).hasSize(2);
        }

        @Test
        void is_tried_again_with_its_body_and_its_key() {
            orders().answers(inTurn(
                    StubContext.reset(), StubContext.json(503, "{}"), StubContext.json(202, "{\"n\":3}")));

            gateway.client()
                    .post()
                    .uri("/api/orders")
                    .header("Idempotency-Key", "k-1")
                    .bodyValue("{\"lines\":[]}")
                    .exchange()
                    .expectStatus()
                    .isAccepted()
                    .expectBody(String.class)
                    .isEqualTo("{\"n\":3}");

            assertThat(orders().seen())
                    .hasSize(3)
                    .allSatisfy(seen -> assertThat(seen.body()).isEqualTo("{\"lines\":[]}"))
                    .allSatisfy(seen ->
                            assertThat(seen.headers().get("Idempotency-Key")).isEqualTo("k-1"));
        }

        @Test
        void is_answered_with_the_contexts_own_words_when_all_tries_failed() {
            var number = new AtomicInteger();
            payments()
                    .answers(response -> response.status(HttpResponseStatus.SERVICE_UNAVAILABLE)
                            .header("X-Try", Integer.toString(number.incrementAndGet()))
                            .sendString(Mono.just("try " + number.get())));

            expect("/api/payments/p-1", 503)
                    .expectHeader()
                    .valueEquals("X-Try", "3")
                    .expectBody(String.class)
                    .isEqualTo("try 3");
        }

        @Test
        void is_not_tried_again_after_a_mistake_of_the_context() {
            payments().answers(StubContext.json(500, "{\"code\":\"INTERNAL_ERROR\"}"));

            expect("/api/payments/p-1", 500);

            assertThat(payments().seen()).hasSize(1);
        }

        @Test
        void is_tried_again_only_within_the_budget() {
            payments()
                    .answers(inTurn(IntStream.range(0, 60)
                            .mapToObj(i -> i % 4 == 3 ? StubContext.json(200, "{}") : StubContext.json(503, "{}"))
                            .toArray(Answer[]::new)));

            IntStream.range(0, 30).forEach(i -> get("/api/payments/p-1"));

            // The ten that are always allowed, and a tenth of thirty requests.
            assertThat(payments().seen().size() - 30).isBetween(10, 13);

            // Another context has a budget of its own.
            orders().answers(inTurn(StubContext.json(503, "{}"), StubContext.json(200, "{}")));
            assertThat(get("/api/orders/o-1")).isEqualTo(200);
        }
    }

    @Nested
    class A_command_without_a_key {

        @Test
        void is_tried_once_and_its_client_learns_that_it_may_have_happened() {
            orders().answers(StubContext.silence());

            gateway.client()
                    .post()
                    .uri("/api/orders")
                    .bodyValue("{}")
                    .exchange()
                    .expectStatus()
                    .isEqualTo(504)
                    .expectHeader()
                    .doesNotExist("Retry-After")
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("CONTEXT_TIMEOUT");
            assertThat(orders().seen()).hasSize(1);
        }

        @Test
        void does_not_become_repeatable_by_a_key_that_nobody_looks_at() {
            inventory().answers(StubContext.json(503, "{}"));

            gateway.client()
                    .post()
                    .uri("/api/products/MUG/stock")
                    .header("Idempotency-Key", "k-1")
                    .bodyValue("{\"quantity\":1}")
                    .exchange()
                    .expectStatus()
                    .isEqualTo(503);

            assertThat(inventory().seen()).hasSize(1);
        }
    }

    @Nested
    class A_merged_list {

        @Test
        void soon_goes_without_a_context_that_keeps_silent() {
            inventory().answers(StubContext.silence());

            IntStream.range(0, 8)
                    .forEach(i -> expect("/api/admin/processors", 200)
                            .expectBody()
                            .jsonPath("$.unavailable")
                            .value(Matchers.hasItem("inventory")));

            assertThat(inventory().seen()).hasSize(5);
            assertThat(orders().seen()).hasSize(8);
            assertThat(state("inventory-reading")).isEqualTo("open");
        }

        @Test
        void opens_no_breaker_where_a_context_refuses_its_caller_or_answers_nonsense() {
            payments().answers(StubContext.json(403, "{}"));
            inventory().answers(StubContext.json(200, "{\"items\":"));

            IntStream.range(0, 8).forEach(i -> expect("/api/admin/processors", 200));

            assertThat(state("payment-reading")).isEqualTo("closed");
            assertThat(state("inventory-reading")).isEqualTo("closed");
        }

        @Test
        void asks_no_context_that_has_too_much_to_do() {
            var places = gateway.bean(BulkheadRegistry.class).bulkhead("payment");
            IntStream.range(0, 3).forEach(i -> places.acquirePermission());

            expect("/api/admin/processors", 200)
                    .expectBody()
                    .jsonPath("$.unavailable")
                    .value(Matchers.hasItem("payment"));

            assertThat(payments().seen()).isEmpty();
        }
    }

    @Nested
    class A_bulkhead {

        @Test
        void keeps_a_slow_context_from_taking_everything() {
            var release = Sinks.<Void>empty();
            payments()
                    .answers(response -> release.asMono()
                            .then(Mono.from(StubContext.json(200, "{}").to(response))));
            var statuses = new ArrayList<Mono<Integer>>();
            for (var i = 0; i < 3; i++) {
                statuses.add(Mono.fromCallable(() -> get("/api/payments/p-1"))
                        .subscribeOn(Schedulers.boundedElastic())
                        .cache());
            }
            var all = Mono.zip(statuses, Arrays::asList).toFuture();
            await().until(() -> payments().seen().size() == 3);

            expect("/api/payments/p-2", 503).expectBody().jsonPath("$.code").isEqualTo("OVERLOADED");
            expect("/api/products", 200);

            release.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
            assertThat(all.join()).isEqualTo(List.of(200, 200, 200));
        }
    }

    @Test
    void a_client_that_waits_or_watches_is_given_its_own_time() {
        orders().answers(response -> Mono.delay(Duration.ofMillis(600))
                .then(Mono.from(StubContext.json(201, "{}").to(response))));

        gateway.client()
                .post()
                .uri("/api/orders")
                .header("Prefer", "wait=1")
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isCreated();
        assertThat(get("/api/orders/o-1/updates")).isEqualTo(201);
        assertThat(orders().seen()).hasSize(2);
    }

    private static Answer declined() {
        return response -> response.status(503)
                .header("Waybill-Well", "true")
                .sendString(Mono.just("{\"code\":\"CONFLICTING_CHANGES\"}"));
    }

    private static Answer after(Duration held, Answer answer) {
        return response -> Mono.delay(held).then(Mono.defer(() -> Mono.from(answer.to(response))));
    }

    private static void expectAtOnce(int number, Runnable expectation) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(Stream.generate(() -> CompletableFuture.runAsync(expectation, threads))
                            .limit(number)
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        }
    }

    private ResponseSpec order(int status, String... headers) {
        var request = gateway.client().post().uri("/api/orders").bodyValue("{}");
        for (var i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        var answer = request.exchange();
        answer.expectStatus().isEqualTo(status);
        return answer;
    }

    private static Answer inTurn(Answer... answers) {
        var number = new AtomicInteger();
        return response -> answers[number.getAndIncrement() % answers.length].to(response);
    }

    private void openFor(String time) {
        gateway.close();
        gateway = new RunningGateway(
                "--waybill.gateway.resilience.first-pause=20ms", "--waybill.gateway.resilience.open-for=" + time);
    }

    private ResponseSpec expect(String path, int status) {
        var answer = gateway.client().get().uri(path).exchange();
        answer.expectStatus().isEqualTo(status);
        return answer;
    }

    private int get(String path) {
        return gateway.client()
                .get()
                .uri(path)
                .exchange()
                .returnResult(Void.class)
                .getStatus()
                .value();
    }

    private String state(String breaker) {
        return gateway
                .bean(MeterRegistry.class)
                .get("resilience4j.circuitbreaker.state")
                .tag("name", breaker)
                .gauges()
                .stream()
                .filter(gauge -> gauge.value() == 1)
                .map(gauge -> gauge.getId().getTag("state"))
                .findFirst()
                .orElse("none");
    }

    private StubContext orders() {
        return gateway.context(BoundedContext.ORDER);
    }

    private StubContext payments() {
        return gateway.context(BoundedContext.PAYMENT);
    }

    private StubContext inventory() {
        return gateway.context(BoundedContext.INVENTORY);
    }
}
