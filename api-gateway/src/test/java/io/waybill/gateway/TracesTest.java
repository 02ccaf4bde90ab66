package io.waybill.gateway;

import static io.waybill.gateway.BoundedContext.INVENTORY;
import static io.waybill.gateway.BoundedContext.ORDER;
import static io.waybill.gateway.BoundedContext.SHIPPING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.testing.SeenSpan;
import io.waybill.testing.TraceCollector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.web.reactive.server.WebTestClient.RequestHeadersSpec;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import reactor.core.publisher.Mono;

/** What a collector sees of requests, and what contexts and clients are told about their traces. */
@ExtendWith(OutputCaptureExtension.class)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TracesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The span of the client, which the collector does not see. */
    private static final String CLIENT = "00f067aa0ba902b7";

    private static final String ORDER_ID = "ord_01a2042e-36c3-7d81-babe-7e024484c768";

    private static final TraceCollector COLLECTOR = TraceCollector.listening();
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = gatewayWith("--management.tracing.sampling.probability=1.0", "--waybill.gateway.limits.gateways=1");
    }

    private static RunningGateway gatewayWith(String... more) {
        return new RunningGateway(
                Stream.concat(COLLECTOR.settings().stream().map(setting -> "--" + setting), Stream.of(more))
                        .toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        COLLECTOR.close();
    }

    @BeforeEach
    void forget() {
        gateway.forget();
    }

    @Test
    void a_request_goes_on_with_the_clients_trace_and_the_context_with_the_gateways() {
        var trace = newTrace();
        get("/api/orders/" + ORDER_ID, "traceparent", sampled(trace))
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("X-Request-Id", trace);

        var spans = seen(trace, 2);
        assertThat(COLLECTOR.tree(trace, span -> true)).isEqualTo("""
            waybill-gateway SERVER GET /api/orders/{id}
              waybill-gateway CLIENT GET /api/orders/{id}
            """);
        var request = only("SERVER", spans);
        assertThat(request.parentId()).isEqualTo(CLIENT);
        assertThat(request.attributes())
                .containsEntry("http.request.method", "GET")
                .containsEntry("http.route", "/api/orders/{id}")
                .containsEntry("http.response.status_code", "200")
                .containsEntry("order.id", ORDER_ID);
        var asked = only("CLIENT", spans);
        assertThat(asked.attributes())
                .containsEntry("peer.service", "order")
                .containsEntry("http.response.status_code", "200")
                .containsEntry("order.id", ORDER_ID);
        assertThat(gateway.context(ORDER).last().headers().getAll("traceparent"))
                .containsExactly("00-" + trace + "-" + asked.id() + "-01");
    }

    @Test
    void the_order_that_a_request_brought_about_is_named() {
        var trace = newTrace();
        gateway.context(ORDER)
                .answers(response -> response.status(202)
                        .header("Location", "/api/orders/" + ORDER_ID)
                        .send());

        gateway.client()
                .post()
                .uri("/api/orders")
                .header("traceparent", sampled(trace))
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isAccepted();

        assertThat(seen(trace, 2))
                .allSatisfy(span -> assertThat(span.attribute("order.id")).isEqualTo(ORDER_ID));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "' OR 1=1 --"
            })
    void a_context_of_another_form_is_none(String traceparent) {
        var trace = idOf(get("/api/orders/" + ORDER_ID, "traceparent", traceparent));

        assertThat(only("SERVER", seen(trace, 2)).parentId()).isEmpty();
        assertThat(traceparent).doesNotContain(trace);
        assertThat(gateway.context(ORDER).last().headers().getAll("traceparent"))
                .singleElement()
                .asString()
                .startsWith("00-" + trace + "-");
    }

    @Test
    void two_contexts_are_none() {
        var first = newTrace();
        var trace = idOf(
                get("/api/orders/" + ORDER_ID, "traceparent", sampled(first)).header("traceparent", sampled(first)));

        assertThat(trace).isNotEqualTo(first);
        assertThat(only("SERVER", seen(trace, 2)).parentId()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0.0, 01, 00", "1.0, 00, 01"})
    void whether_a_request_is_recorded_is_not_for_its_client_to_say(String part, String asked, String decided) {
        try (var drawing = gatewayWith("--management.tracing.sampling.probability=" + part)) {
            tells(drawing, asked, decided);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.0, 01, 01", "1.0, 00, 00"})
    void unless_the_operator_lets_clients_say_so(String part, String asked, String decided) {
        try (var obeying = gatewayWith(
                "--management.tracing.sampling.probability=" + part, "--waybill.gateway.tracing.client-decides=true")) {
            tells(obeying, asked, decided);
        }
    }

    /** The trace goes on in any case. */
    private static void tells(RunningGateway gateway, String asked, String decided) {
        var trace = newTrace();
        gateway.client()
                .get()
                .uri("/api/orders/" + ORDER_ID)
                .header("traceparent", "00-%s-%s-%s".formatted(trace, CLIENT, asked))
                .exchange()
                .expectHeader()
                .valueEquals("X-Request-Id", trace);

        assertThat(gateway.context(ORDER).last().headers().get("traceparent"))
                .matches("00-" + trace + "-(?!" + CLIENT + ")[0-9a-f]{16}-" + decided);
    }

    @Test
    void what_is_logged_about_a_request_names_its_trace_and_its_order(CapturedOutput log) {
        try (var one = gatewayWith("--management.tracing.sampling.probability=0.0")) {
            one.context(ORDER).answers(StubContext.reset());
            var trace = newTrace();
            one.client()
                    .get()
                    .uri("/api/orders/" + ORDER_ID)
                    .header("traceparent", sampled(trace))
                    .exchange()
                    .expectStatus()
                    .isEqualTo(503);

            assertThat(log.getAll().lines().filter(line -> line.contains("CONTEXT_UNAVAILABLE")))
                    .singleElement()
                    .asString()
                    .contains(" WARN ", " [" + trace + " " + ORDER_ID + "] ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense\n\n", "GET /api/orders| HTTP/1.1\nHost: x\nConnection: close\n\n"})
    void what_is_no_request_has_an_id_too(String sent) throws Exception {
        var answer = gateway.raw(sent);
        var id = Pattern.compile("(?i)\r\nx-request-id: ([0-9a-f]{32})\r\n").matcher(answer);

        assertThat(id.find()).isTrue();
        assertThat(answer).contains("\"traceId\":\"%s\"".formatted(id.group(1)));
    }

    @Test
    void each_try_is_seen() {
        var trace = newTrace();
        var asked = new AtomicInteger();
        gateway.context(ORDER)
                .answers(response -> StubContext.json(asked.incrementAndGet() == 1 ? 503 : 200, "{}")
                        .to(response));

        get("/api/orders/" + ORDER_ID, "traceparent", sampled(trace))
                .exchange()
                .expectStatus()
                .isOk();

        var spans = seen(trace, 3);
        assertThat(COLLECTOR.tree(trace, span -> true)).isEqualTo("""
            waybill-gateway SERVER GET /api/orders/{id}
              waybill-gateway CLIENT GET /api/orders/{id} FAILED
              waybill-gateway CLIENT GET /api/orders/{id}
            """);
        assertThat(only("SERVER", spans).events())
                .filteredOn(event -> event.name().equals("retry"))
                .singleElement()
                .satisfies(event -> assertThat(event.attributes()).containsKey("waybill.retry.pause_ms"));
        assertThat(spans)
                .filteredOn(span -> span.kind().equals("CLIENT"))
                .extracting(span ->
                        span.attribute("http.response.status_code") + span.attribute("http.request.resend_count"))
                .containsExactlyInAnyOrder("503", "2001");
        assertThat(gateway.context(ORDER).seen())
                .extracting(request -> request.headers().get("traceparent"))
                .doesNotHaveDuplicates();
    }

    @Test
    void a_problem_names_its_trace_and_is_a_failure_where_it_is_ours() {
        var trace = newTrace();
        gateway.context(ORDER).answers(StubContext.reset());

        gateway.client()
                .post()
                .uri("/api/orders")
                .header("traceparent", sampled(trace))
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("X-Request-Id", trace)
                .expectBody()
                .jsonPath("$.traceId")
                .isEqualTo(trace);

        var request = only("SERVER", seen(trace, 2));
        assertThat(request.failed()).isTrue();
        assertThat(request.attributes())
                .containsEntry("http.response.status_code", "503")
                .containsEntry("waybill.problem", "CONTEXT_UNAVAILABLE");
    }

    @Test
    void what_a_client_does_wrong_is_no_failure_and_no_path_is_a_name() {
        var trace = newTrace();
        get("/api/ada@example.org", "traceparent", sampled(trace))
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.traceId")
                .isEqualTo(trace);

        assertThat(seen(trace, 1)).singleElement().satisfies(span -> {
            assertThat(span.name()).isEqualTo("GET");
            assertThat(span.failed()).isFalse();
            assertThat(span.attribute("waybill.problem")).isEqualTo("ROUTE_NOT_FOUND");
            assertThat(span.everything()).doesNotContain("example.org");
        });
    }

    @Test
    void an_open_breaker_is_seen() {
        gateway.context(SHIPPING).answers(StubContext.json(500, "{}"));
        for (var i = 0; i < 10; i++) {
            dispatch(newTrace());
        }
        var trace = newTrace();
        dispatch(trace).expectStatus().isEqualTo(503);

        assertThat(seen(trace, 1))
                .singleElement()
                .satisfies(span -> assertThat(span.events())
                        .filteredOn(event -> event.name().equals("breaker refused"))
                        .singleElement()
                        .satisfies(event -> assertThat(event.attributes())
                                .containsEntry("waybill.breaker.name", "shipping-writing")
                                .containsEntry("waybill.breaker.state", "OPEN")));
    }

    private static ResponseSpec dispatch(String trace) {
        return gateway.client()
                .post()
                .uri("/api/shipments/shp_1/dispatch")
                .header("traceparent", sampled(trace))
                .exchange();
    }

    @Test
    void who_asks_too_often_is_seen() {
        try (var strict = gatewayWith(
                "--management.tracing.sampling.probability=1.0",
                "--waybill.gateway.limits.policies.reading.quota=1",
                "--waybill.gateway.limits.policies.reading.refill=1",
                "--waybill.gateway.limits.policies.reading.per=1h",
                "--waybill.gateway.limits.policies.reading.routes=GET /**")) {
            var granted = newTrace();
            var refused = newTrace();
            for (var trace : List.of(granted, refused)) {
                strict.client()
                        .get()
                        .uri("/api/products")
                        .header("traceparent", sampled(trace))
                        .exchange();
            }

            assertThat(limits(granted)).containsExactly("reading GATEWAY true");
            assertThat(limits(refused)).containsExactly("reading GATEWAY false");
            assertThat(only("SERVER", COLLECTOR.trace(refused)).attribute("waybill.problem"))
                    .isEqualTo("RATE_LIMITED");
            assertThat(COLLECTOR.trace(refused)).hasSize(1);
        }
    }

    private static List<String> limits(String trace) {
        await().atMost(PATIENCE)
                .until(() -> COLLECTOR.trace(trace).stream()
                        .anyMatch(span -> span.kind().equals("SERVER")));
        return only("SERVER", COLLECTOR.trace(trace)).events().stream()
                .filter(event -> event.name().equals("limit decided"))
                .map(event -> "%s %s %s"
                        .formatted(
                                event.attributes().get("waybill.limit.policy"),
                                event.attributes().get("waybill.limit.by"),
                                event.attributes().get("waybill.limit.granted")))
                .toList();
    }

    @Test
    void what_the_cache_did_is_seen() {
        var trace = newTrace();
        gateway.context(INVENTORY)
                .answers(response -> response.header("Cache-Control", "no-store")
                        .header("Content-Type", "application/json")
                        .sendString(Mono.just("{}")));
        get("/api/products", "traceparent", sampled(trace)).exchange();

        assertThat(only("SERVER", seen(trace, 2)).attribute("waybill.cache.status"))
                .startsWith("waybill-gateway; fwd=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"baggage", "tracestate"})
    void what_others_say_beside_the_id_of_a_trace_stays_outside(String header) {
        var trace = newTrace();
        get("/api/orders/" + ORDER_ID, "traceparent", sampled(trace))
                .header(header, "user=ada")
                .exchange();

        assertThat(gateway.context(ORDER).last().headers().contains(header)).isFalse();
        assertThat(seen(trace, 2))
                .allSatisfy(span -> assertThat(span.everything()).doesNotContain("ada"));
    }

    @Test
    void nor_does_it_reach_a_context_where_nothing_is_traced() {
        try (var untraced = new RunningGateway()) {
            untraced.client()
                    .get()
                    .uri("/api/orders/" + ORDER_ID)
                    .header("traceparent", sampled(newTrace()))
                    .header("tracestate", "user=ada")
                    .exchange();

            assertThat(untraced.context(ORDER).last().headers().contains("tracestate"))
                    .isFalse();
        }
    }

    @Test
    void the_parts_of_a_merged_list_are_seen_one_by_one(CapturedOutput log) {
        var trace = newTrace();
        get("/api/admin/processors", "traceparent", sampled(trace)).exchange();

        var spans = seen(trace, 5);
        assertThat(spans)
                .filteredOn(span -> span.kind().equals("CLIENT"))
                .extracting(span -> span.attribute("peer.service"))
                .containsExactlyInAnyOrder("order", "payment", "inventory", "shipping");
        assertThat(gateway.context(ORDER).last().headers().getAll("traceparent"))
                .singleElement()
                .asString()
                .startsWith("00-" + trace)
                .doesNotContain(CLIENT);
        assertThat(log.getAll()).doesNotContain("ERROR");
    }

    @Test
    void who_asks_whether_we_live_is_no_customer() {
        gateway.managementClient()
                .get()
                .uri("/actuator/health")
                .exchange()
                .expectHeader()
                .doesNotExist("X-Request-Id");
    }

    @Test
    void a_collector_that_is_away_is_told_of_once_and_costs_no_answer(CapturedOutput log) {
        try (var away = TraceCollector.listening();
                var lonely = new RunningGateway(Stream.concat(
                                away.settings().stream().map(setting -> "--" + setting),
                                Stream.of("--management.tracing.sampling.probability=1.0"))
                        .toArray(String[]::new))) {
            away.goAway();
            for (var i = 0; i < 3; i++) {
                lonely.client()
                        .get()
                        .uri("/api/orders/" + ORDER_ID)
                        .exchange()
                        .expectStatus()
                        .isOk();
                var attempts = away.refused();
                await().atMost(PATIENCE).until(() -> away.refused() > attempts);
            }
            away.comeBack();
            await().atMost(PATIENCE).until(() -> {
                lonely.client().get().uri("/api/orders/" + ORDER_ID).exchange();
                return log.getAll().contains("Traces are sent again");
            });
        }
        assertThat(log.getAll().lines().filter(line -> line.contains("race") && !line.contains("RedisLink")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("WARN"));
        assertThat(log.getAll()).doesNotContain("Exception");
    }

    @Test
    void without_a_collector_answers_have_an_id_and_contexts_are_told_what_the_client_said() {
        try (var untraced = new RunningGateway()) {
            var trace = newTrace();
            untraced.client()
                    .get()
                    .uri("/api/orders/" + ORDER_ID)
                    .header("traceparent", sampled(trace))
                    .exchange()
                    .expectHeader()
                    .valueEquals("X-Request-Id", trace);
            assertThat(untraced.context(ORDER).last().headers().getAll("traceparent"))
                    .containsExactly(sampled(trace));

            untraced.context(ORDER)
                    .answers(response ->
                            response.header("X-Request-Id", "of the context").send());
            untraced.client()
                    .get()
                    .uri("/api/orders/" + ORDER_ID)
                    .exchange()
                    .expectHeader()
                    .valueEquals("X-Request-Id", "of the context");
            assertThat(untraced.context(ORDER).last().headers().contains("traceparent"))
                    .isFalse();

            untraced.client()
                    .get()
                    .uri("/nowhere")
                    .exchange()
                    .expectHeader()
                    .valueMatches("X-Request-Id", "[0-9a-f]{32}")
                    .expectBody()
                    .jsonPath("$.traceId")
                    .isNotEmpty();
        }
    }

    private static RequestHeadersSpec<?> get(String path, String header, String value) {
        return gateway.client().get().uri(path).header(header, value);
    }

    private static String idOf(RequestHeadersSpec<?> request) {
        return request.exchange()
                .returnResult(String.class)
                .getResponseHeaders()
                .getFirst("X-Request-Id");
    }

    private static String sampled(String trace) {
        return "00-" + trace + "-" + CLIENT + "-01";
    }

    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static SeenSpan only(String kind, List<SeenSpan> spans) {
        assertThat(spans).filteredOn(span -> span.kind().equals(kind)).hasSize(1);
        return spans.stream()
                .filter(span -> span.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static List<SeenSpan> seen(String trace, int spans) {
        var seen = new ArrayList<SeenSpan>();
        await().atMost(PATIENCE).untilAsserted(() -> {
            seen.clear();
            seen.addAll(COLLECTOR.trace(trace));
            assertThat(seen).hasSize(spans);
        });
        return seen;
    }
}
