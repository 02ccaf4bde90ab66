package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.waybill.testing.TestServers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the gateway keeps and uses again, on routes that no event speaks of. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CachedAnswersIT {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static Relay redis;
    private static RunningGateway gateway;

    private StubContext context;
    private String path;

    @BeforeAll
    static void start() {
        var server = TestServers.redis();
        redis = new Relay(server.host(), server.port());
        gateway = RunningGateway.withOpenRoutes(
                "--spring.data.redis.host=127.0.0.1",
                "--spring.data.redis.port=" + redis.port(),
                "--spring.data.redis.username=" + server.user(),
                "--spring.data.redis.password=" + server.password(),
                "--spring.data.redis.database=" + server.database(),
                "--waybill.gateway.cache.key-prefix=" + TestServers.freshNamespace("cached") + ":",
                "--waybill.gateway.cache.redis-timeout=500ms",
                "--waybill.gateway.cache.max-targets=20",
                // Contexts fail on purpose here, one test after the other.
                "--waybill.gateway.resilience.failures=100");
        awaitStore();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        redis.close();
    }

    @BeforeEach
    void anotherPath() {
        gateway.forget();
        context = gateway.context(BoundedContext.ORDER);
        anotherTarget();
    }

    @Test
    void what_may_be_kept_is_answered_from_the_store() {
        answers("max-age=60", "one");

        var first = get();
        var second = get();

        assertThat(body(first)).isEqualTo("one");
        assertThat(status(first)).startsWith("waybill-gateway; fwd=uri-miss; fwd-status=200; stored; ttl=");
        assertThat(body(second)).isEqualTo("one");
        assertThat(status(second)).startsWith("waybill-gateway; hit; ttl=");
        assertThat(second.getResponseHeaders().getFirst("Age")).matches("\\d+");
        assertThat(second.getResponseHeaders().getFirst("Content-Type")).isEqualTo("text/plain");
        assertThat(context.seen()).hasSize(1);
    }

    @Test
    void of_too_many_targets_the_one_that_was_stored_first_is_forgotten() {
        answers("max-age=600", "first");
        get();
        var first = path;
        assertThat(status(get())).contains("hit");
        answers("max-age=60", "other");
        for (var i = 0; i < 20; i++) {
            anotherTarget();
            get();
        }

        assertThat(status(get())).contains("hit");
        path = first;
        assertThat(status(get())).contains("fwd=uri-miss");
    }

    private void anotherTarget() {
        path = "/test/" + NUMBER.incrementAndGet();
    }

    @Test
    void head_is_answered_from_what_get_stored() {
        answers("max-age=60", "one");
        get();

        var head = gateway.client().head().uri(path).exchange().expectBody().returnResult();

        assertThat(head.getResponseHeaders().getFirst("Content-Length")).isEqualTo("3");
        assertThat(status(head)).contains("hit");
        assertThat(context.seen()).hasSize(1);
    }

    @Test
    void a_client_that_has_the_answer_gets_304_from_the_store() {
        answers("max-age=60", "one", "ETag", "\"1\"");
        get();

        var again = get("If-None-Match", "W/\"0\", \"1\"");

        assertThat(again.getStatus().value()).isEqualTo(304);
        assertThat(again.getResponseHeaders().getFirst("ETag")).isEqualTo("\"1\"");
        assertThat(again.getResponseHeaders().containsKey("Content-Type")).isFalse();
        assertThat(context.seen()).hasSize(1);
    }

    @Test
    void a_stale_answer_is_used_once_the_context_approves_it() {
        answers("max-age=60", "one", "ETag", "\"1\"", "Age", "61");
        get();
        context.answers(response -> response.status(304).header("ETag", "\"1\"").header("Cache-Control", "max-age=60"));

        var approved = get();

        assertThat(body(approved)).isEqualTo("one");
        assertThat(status(approved)).startsWith("waybill-gateway; fwd=stale; fwd-status=304; stored; ttl=");
        assertThat(context.last().headers().get("If-None-Match")).isEqualTo("\"1\"");
        assertThat(status(get())).contains("hit");
        assertThat(context.seen()).hasSize(2);
    }

    @Test
    void a_stale_answer_is_shown_while_exactly_one_request_renews_it() {
        answers("max-age=60, stale-while-revalidate=600", "old", "Age", "61");
        get();
        context.answers(response -> response.status(200)
                .header("Cache-Control", "max-age=60")
                .header("Content-Length", "3")
                .sendString(Mono.just("new").delayElement(Duration.ofMillis(200))));

        var stale = Flux.range(0, 50)
                .flatMap(each ->
                        Mono.fromCallable(this::get).subscribeOn(reactor.core.scheduler.Schedulers.boundedElastic()))
                .collectList()
                .block(Duration.ofSeconds(20));

        assertThat(stale).extracting(CachedAnswersIT::body).contains("old");
        // By one of these, whose connection is closed by now.
        await().until(() -> context.seen().size() == 2);
        await().untilAsserted(() -> assertThat(body(get())).isEqualTo("new"));
        assertThat(context.seen()).hasSize(2);
    }

    @Test
    void a_failing_context_is_stood_in_for() {
        answers("max-age=60, stale-if-error=600", "old", "Age", "61");
        get();
        context.answers(StubContext.json(503, "{}"));

        var stale = get();

        assertThat(stale.getStatus().value()).isEqualTo(200);
        assertThat(body(stale)).isEqualTo("old");
        assertThat(status(stale))
                .startsWith("waybill-gateway; fwd=stale; fwd-status=503; ttl=-")
                .endsWith("; detail=stale-if-error");
        assertThat(Integer.parseInt(stale.getResponseHeaders().getFirst("Age"))).isGreaterThanOrEqualTo(61);

        context.answers(StubContext.reset());
        assertThat(body(get())).isEqualTo("old");
    }

    @Test
    void a_context_that_is_not_even_asked_is_stood_in_for_too() {
        answers("max-age=60, stale-if-error=600", "old", "Age", "61");
        get();
        var breaker = gateway.bean(CircuitBreakerRegistry.class).circuitBreaker("order-reading");
        breaker.transitionToOpenState();
        try {
            var stale = get();

            assertThat(body(stale)).isEqualTo("old");
            assertThat(status(stale))
                    .startsWith("waybill-gateway; fwd=stale; ttl=-")
                    .endsWith("; detail=stale-if-error");
            assertThat(context.seen()).hasSize(1);
        } finally {
            breaker.transitionToClosedState();
        }
    }

    @Test
    void nothing_stands_in_where_it_was_not_allowed() {
        answers("max-age=60", "old", "Age", "61", "ETag", "\"1\"");
        get();
        context.answers(StubContext.json(503, "{}"));

        assertThat(get().getStatus().value()).isEqualTo(503);
    }

    @Test
    void a_change_through_the_gateway_forgets_what_was_stored() {
        answers("max-age=60", "old");
        get();
        answers("max-age=60", "new");
        gateway.client()
                .put()
                .uri(path)
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isOk();

        assertThat(body(get())).isEqualTo("new");
    }

    @Test
    void a_change_that_failed_forgets_nothing() {
        answers("max-age=60", "old");
        get();
        context.answers(StubContext.json(409, "{}"));
        gateway.client()
                .put()
                .uri(path)
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isEqualTo(409);

        assertThat(body(get())).isEqualTo("old");
    }

    @Test
    void an_answer_that_a_change_has_outrun_is_not_stored() {
        var held = reactor.core.publisher.Sinks.<String>one();
        answers("max-age=60", "x");
        get();
        var other = path + "?slow";
        context.answers(response -> response.header("Cache-Control", "max-age=60")
                .header("Content-Length", "3")
                .sendString(held.asMono()));
        var slow = Mono.fromCallable(() -> gateway.client()
                        .get()
                        .uri(other)
                        .exchange()
                        .expectBody(String.class)
                        .returnResult())
                .subscribeOn(reactor.core.scheduler.Schedulers.boundedElastic())
                .toFuture();
        await().until(() -> context.seen().size() == 2);
        context.answers(StubContext.json(200, "{}"));
        gateway.client()
                .put()
                .uri(other)
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isOk();
        held.tryEmitValue("old").orThrow();

        assertThat(body(slow.join())).isEqualTo("old");
        assertThat(status(slow.join())).doesNotContain("stored");
    }

    @ParameterizedTest
    @ValueSource(strings = {"private, max-age=60", "no-store", "private, no-cache"})
    void what_is_for_one_user_is_never_kept(String cacheControl) {
        answers(cacheControl, "mine", "ETag", "\"1\"");
        get();
        get();

        assertThat(context.seen()).hasSize(2);
        assertThat(context.last().headers().contains("If-None-Match")).isFalse();
    }

    @Test
    void what_was_answered_to_somebody_known_is_kept_only_when_it_is_for_all() {
        answers("max-age=60", "mine");
        getAs("a");
        get();
        assertThat(context.seen()).hasSize(2);

        anotherPath();
        answers("public, max-age=60", "ours");
        getAs("a");
        getAs("b");
        assertThat(context.seen()).hasSize(1);
    }

    @Test
    void a_query_that_waits_for_its_own_effect_goes_past_the_store() {
        answers("max-age=60", "old");
        get();

        var own = get("Waybill-Consistency", "17.4");

        assertThat(status(own)).contains("fwd=bypass");
        assertThat(context.seen()).hasSize(2);
    }

    @Test
    void what_is_told_to_the_gateway_alone_stays_with_it() {
        answers(
                "no-cache",
                "one",
                "CDN-Cache-Control",
                "max-age=60",
                "Waybill-Read-Position",
                "1:1",
                "Waybill-Stream-Head",
                "1:1");

        for (var answer : List.of(get(), get())) {
            var names = answer.getResponseHeaders().keySet();
            assertThat(names).doesNotContain("CDN-Cache-Control", "Waybill-Read-Position", "Waybill-Stream-Head");
            assertThat(answer.getResponseHeaders().getCacheControl()).isEqualTo("no-cache");
        }
        assertThat(context.seen()).hasSize(1);
    }

    @Test
    void answers_of_unknown_length_are_kept_and_large_ones_pass() {
        context.answers(
                response -> response.header("Cache-Control", "max-age=60").sendString(Flux.just("a", "b", "c")));
        assertThat(body(get())).isEqualTo("abc");
        await().untilAsserted(() -> assertThat(status(get())).contains("hit"));
        assertThat(body(get())).isEqualTo("abc");

        anotherPath();
        var large = "x".repeat(300_000);
        context.answers(
                response -> response.header("Cache-Control", "max-age=60").sendString(Flux.just(large)));
        assertThat(body(get())).isEqualTo(large);
        assertThat(body(get())).isEqualTo(large);
        assertThat(context.seen()).hasSize(2);
    }

    @Test
    void an_answer_that_broke_off_is_not_kept() {
        context.answers(response -> response.header("Cache-Control", "max-age=60")
                .header("Content-Length", "10")
                .sendString(Mono.just("half"))
                .then(response.withConnection(connection -> connection.dispose())
                        .then()));
        assertThat(get().getStatus().is5xxServerError()).isTrue();
        answers("max-age=60", "whole");

        assertThat(body(get())).isEqualTo("whole");
    }

    @Test
    void only_the_store_is_asked_on_request() {
        var nothing = get("Cache-Control", "only-if-cached");

        assertThat(nothing.getStatus().value()).isEqualTo(504);
        assertThat(body(nothing)).contains("\"NOT_STORED\"");
        assertThat(context.seen()).isEmpty();
    }

    @Test
    void private_answers_are_not_looked_for_until_one_may_be_kept() {
        answers("private, no-cache", "mine");
        assertThat(status(getAs("a"))).contains("fwd=uri-miss");
        // It takes a hundred answers.
        await().atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> status(getAs("a")).contains("fwd=bypass"));
        assertThat(body(getAs("a"))).isEqualTo("mine");
        assertThat(status(get())).contains("fwd=uri-miss");

        answers("no-cache", "ours", "CDN-Cache-Control", "max-age=60, public");
        var first = getAs("a");

        assertThat(body(first)).isEqualTo("ours");
        assertThat(status(first)).isEqualTo("waybill-gateway; fwd=bypass; fwd-status=200");
        assertThat(first.getResponseHeaders().containsKey("CDN-Cache-Control")).isFalse();
        assertThat(status(getAs("a"))).contains("stored");
        assertThat(status(getAs("b"))).contains("hit");
    }

    @Test
    void without_redis_answers_are_right_and_soon_kept_again() {
        answers("max-age=60", "one");
        get();
        answers("max-age=60", "two");
        redis.cut();
        try {
            assertThat(body(get())).isEqualTo("two");
            assertThat(status(get())).contains("fwd=bypass");
        } finally {
            redis.restore();
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(status(get())).contains("hit"));
    }

    @Test
    void a_silent_redis_holds_up_nobody_for_long() {
        answers("max-age=60", "one");
        get();
        redis.fallSilent();
        try {
            var began = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                assertThat(body(get())).isEqualTo("one");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
        } finally {
            redis.restore();
        }
        awaitStore();
    }

    private static void awaitStore() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            var probe = "/test/probe" + NUMBER.incrementAndGet();
            gateway.context(BoundedContext.ORDER).answers(kept("max-age=60", "probe"));
            gateway.client().get().uri(probe).exchange().expectStatus().isOk();
            gateway.client()
                    .get()
                    .uri(probe)
                    .exchange()
                    .expectHeader()
                    .value("Cache-Status", status -> assertThat(status).contains("hit"));
        });
    }

    private void answers(String cacheControl, String body, String... headers) {
        context.answers(kept(cacheControl, body, headers));
    }

    private static StubContext.Answer kept(String cacheControl, String body, String... headers) {
        return response -> {
            response.status(200)
                    .header("Content-Type", "text/plain")
                    .header("Cache-Control", cacheControl)
                    .header("Content-Length", Integer.toString(body.length()));
            for (int i = 0; i < headers.length; i += 2) {
                response.header(headers[i], headers[i + 1]);
            }
            return response.sendString(Mono.just(body));
        };
    }

    private EntityExchangeResult<String> getAs(String token) {
        return get("Authorization", "Bearer " + token);
    }

    private EntityExchangeResult<String> get(String... headers) {
        var fields = new HttpHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            fields.add(headers[i], headers[i + 1]);
        }
        return gateway.client()
                .mutate()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(1 << 20))
                .build()
                .get()
                .uri(path)
                .headers(all -> all.addAll(fields))
                .exchange()
                .expectBody(String.class)
                .returnResult();
    }

    private static String body(EntityExchangeResult<String> answer) {
        return String.valueOf(answer.getResponseBody());
    }

    private static String status(EntityExchangeResult<?> answer) {
        return String.valueOf(answer.getResponseHeaders().getFirst("Cache-Status"));
    }
}
