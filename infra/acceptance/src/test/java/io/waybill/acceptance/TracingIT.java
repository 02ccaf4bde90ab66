package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static io.waybill.acceptance.Status.CONFIRMED;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.SeenSpan;
import io.waybill.testing.TraceCollector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a collector of traces sees of an order, from the client that began the trace to the last thing done for it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("standalone")
class TracingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** The span of the client, which no collector here has seen. */
    private static final String CLIENT = "00f067aa0ba902b7";

    private static final TraceCollector COLLECTOR = TraceCollector.listening();
    private static Standalone system;
    private static Shop shop;

    @BeforeAll
    static void start() {
        var settings = new ArrayList<>(COLLECTOR.settings());
        settings.addAll(List.of(
                "management.tracing.sampling.probability=1.0",
                "waybill.tracing.ui-url=https://traces.example.org/{traceId}",
                "waybill.fulfilment.first-wait=4s",
                "waybill.fulfilment.patience=1"));
        system = Standalone.inFreshFolder("traced", settings);
        system.start();
        shop = Shop.at(system);
    }

    @AfterAll
    static void stop() {
        system.close();
        COLLECTOR.close();
    }

    @Test
    void an_order_that_is_bought_is_one_trace() {
        String trace = newTrace();
        PlacedOrder order = place(Purchase.of(shop.sells(5), 1), trace).becomes(CONFIRMED);
        List<SeenSpan> spans = atRest(trace);

        assertThat(COLLECTOR.tree(trace, span -> !span.isSql())).isEqualTo("""
            waybill-gateway SERVER POST /api/orders
              waybill-gateway CLIENT POST /api/orders
                order SERVER http post /api/orders
                  order INTERNAL handle PlaceOrderOnce
                    order INTERNAL handle PlaceOrder
                      order INTERNAL order.fulfilment OrderPlaced
                        order PRODUCER send ProcessPayment
                          payment CONSUMER receive ProcessPayment
                            payment INTERNAL handle ProcessPayment
                              payment INTERNAL payment.tracking PaymentRequested
                              payment PRODUCER send PaymentRequested
                                order CONSUMER receive PaymentRequested
                                  order INTERNAL order.tracking PaymentRequested
                              payment INTERNAL task payment.charge
                                payment INTERNAL handle RecordChargeAnswer
                                  payment INTERNAL payment.tracking PaymentCompleted
                                  payment PRODUCER send PaymentCompleted
                                    order CONSUMER receive PaymentCompleted
                                      order INTERNAL order.fulfilment PaymentCompleted
                                        order PRODUCER send ReserveStock
                                          inventory CONSUMER receive ReserveStock
                                            inventory INTERNAL handle ReserveStock
                                              inventory INTERNAL inventory.browsing StockReserved
                                              inventory PRODUCER send StockReserved
                                                order CONSUMER receive StockReserved
                                                  order INTERNAL order.fulfilment StockReserved
                                                    order PRODUCER send CreateShipment
                                                      shipping CONSUMER receive CreateShipment
                                                        shipping INTERNAL handle CreateShipment
                                                          shipping PRODUCER send ShipmentRequested
                                                            order CONSUMER receive ShipmentRequested
                                                              order INTERNAL order.tracking ShipmentRequested
                                                          shipping INTERNAL shipping.tracking ShipmentRequested
                                                          shipping INTERNAL task shipping.book
                                                            shipping CLIENT carrier book
                                                            shipping INTERNAL handle RecordBookingAnswer
                                                              shipping PRODUCER send ShipmentCreated
                                                                order CONSUMER receive ShipmentCreated
                                                                  order INTERNAL order.fulfilment ShipmentCreated
                                                                    order INTERNAL handle ConfirmOrder
                                                                      order INTERNAL order.notification OrderConfirmed
                                                                        order INTERNAL task order.letter
                                                                          order CLIENT mail send
                                                                      order INTERNAL order.tracking OrderConfirmed
                                                                      order PRODUCER send OrderConfirmed
                                                                  order INTERNAL order.tracking ShipmentCreated
                                                              shipping INTERNAL shipping.tracking ShipmentCreated
                                                            shipping INTERNAL handle TakeUpBooking
                                                  order INTERNAL order.tracking StockReserved
                                      order INTERNAL order.refund-voided PaymentCompleted
                                      order INTERNAL order.tracking PaymentCompleted
                                payment INTERNAL handle TakeUpCharge
                                payment CLIENT payment charge
                      order INTERNAL order.tracking OrderPlaced
                      order PRODUCER send OrderPlaced
            """);
        assertThat(spans)
                .allSatisfy(span ->
                        assertThat(span.attribute("order.id")).as("%s", span).isEqualTo(order.id()));
        isWhole(spans);
    }

    @Test
    void every_statement_is_seen_and_nothing_of_what_a_customer_told_us() {
        String trace = newTrace();
        place(Purchase.of(shop.sells(5), 1), trace).becomes(CONFIRMED);
        List<SeenSpan> spans = atRest(trace);

        assertThat(spans.stream().filter(SeenSpan::isSql).map(SeenSpan::name))
                .contains("INSERT event_stream", "SELECT saga_association", "UPDATE order_summary", "BEGIN", "COMMIT");
        assertThat(spans)
                .filteredOn(span -> span.name().equals("INSERT event_stream"))
                .allSatisfy(span -> assertThat(span.attribute("db.query.text")).contains("unnest(?::text[]"));
        assertThat(spans)
                .extracting(SeenSpan::everything)
                .allSatisfy(text -> assertThat(text).doesNotContain("Hopper", "Harbour", "@example.org", "pm_card"));
    }

    @Test
    void an_order_that_is_undone_is_one_trace_too() {
        String trace = newTrace();
        place(Purchase.of(shop.sells(3), 4), trace).isRejectedBecauseOf("OUT_OF_STOCK");
        List<SeenSpan> spans = atRest(trace);

        assertThat(spans)
                .extracting(SeenSpan::name)
                .contains("send RefundPayment", "payment refund", "receive PaymentRefunded", "handle RejectOrder");
        isWhole(spans);
    }

    @Test
    void the_answer_the_problem_and_the_history_name_the_trace() {
        String trace = newTrace();
        Answer answer = shop.asks(Purchase.of(shop.sells(5), 1), "traceparent", traceparent(trace))
                .orFail();
        assertThat(answer.header("X-Request-Id")).isEqualTo(trace);

        Answer history = within(PATIENCE, "the history names the trace")
                .until(
                        () -> shop.gateway()
                                .get("/api/orders/" + answer.text("orderId") + "/history")
                                .orFail(),
                        told -> told.body().path("items").size() > 3);
        assertThat(history.text("traceId")).isEqualTo(trace);
        assertThat(history.text("traceUrl")).isEqualTo("https://traces.example.org/" + trace);
        assertThat(history.body().path("items"))
                .allSatisfy(item -> assertThat(item.path("traceId").asText()).isEqualTo(trace));

        String another = newTrace();
        Answer problem = shop.gateway()
                .get("/api/orders/ord_01a2042e-36c3-7d81-babe-7e024484c768", "traceparent", traceparent(another));
        assertThat(problem.status()).isEqualTo(404);
        assertThat(problem.header("X-Request-Id")).isEqualTo(another);
        assertThat(problem.text("traceId")).isEqualTo(another);
    }

    @Test
    void what_a_deadline_does_later_is_a_trace_of_its_own_with_a_link_to_the_one_before() {
        String trace = newTrace();
        PlacedOrder order = place(Purchase.of(shop.sells(5), 1).paidWith("pm_sandbox_silent"), trace);
        order.isRejectedBecauseOf("TIMED_OUT");
        isWhole(atRest(trace));

        String repeated = linkedTo(trace).traceId();
        assertThat(atRest(repeated)).extracting(SeenSpan::name).contains("send ProcessPayment");
        String givenUp = linkedTo(repeated).traceId();
        List<SeenSpan> undone = atRest(givenUp);
        assertThat(undone).extracting(SeenSpan::name).contains("send RefundPayment", "handle RejectOrder");
        assertThat(undone)
                .allSatisfy(span ->
                        assertThat(span.attribute("order.id")).as("%s", span).isEqualTo(order.id()));
    }

    /** The first span of the trace that a deadline began which was set in this one. */
    private static SeenSpan linkedTo(String trace) {
        Set<String> ids = COLLECTOR.trace(trace).stream().map(SeenSpan::id).collect(Collectors.toSet());
        SeenSpan first = COLLECTOR.spans().stream()
                .filter(span -> span.linkedTo().stream().anyMatch(ids::contains))
                .findFirst()
                .orElseThrow();
        assertThat(first.name()).isEqualTo("deadline AnswerOverdue");
        assertThat(first.parentId()).isEmpty();
        return first;
    }

    @Test
    void a_replay_is_one_span_and_nothing_of_it_is_an_orders() {
        String trace = newTrace();
        place(Purchase.of(shop.sells(5), 1), trace).becomes(CONFIRMED);
        List<SeenSpan> before = atRest(trace);

        new Operator(shop.gateway()).replayAll();

        List<SeenSpan> replays = within(PATIENCE, "all replays are seen")
                .until(
                        () -> COLLECTOR.spans().stream()
                                .filter(span -> span.attribute("waybill.replay").equals("true"))
                                .toList(),
                        seen -> new TreeSet<>(seen.stream().map(SeenSpan::name).toList())
                                .containsAll(Set.of("replay order.tracking", "replay inventory.browsing")));
        assertThat(replays).allSatisfy(span -> {
            assertThat(span.parentId()).isEmpty();
            assertThat(span.linkedTo()).isEmpty();
            assertThat(COLLECTOR.trace(span.traceId())).hasSize(1);
        });
        assertThat(atRest(trace)).hasSameSizeAs(before);
    }

    @Test
    void a_collector_that_is_away_loses_no_order() {
        COLLECTOR.goAway();
        try {
            place(Purchase.of(shop.sells(5), 1), newTrace()).becomes(CONFIRMED);
        } finally {
            COLLECTOR.comeBack();
        }
        String trace = newTrace();
        place(Purchase.of(shop.sells(5), 1), trace).becomes(CONFIRMED);
        isWhole(atRest(trace));
    }

    /** Each span follows from another one of its trace; only the first follows from the client's. */
    private static void isWhole(List<SeenSpan> spans) {
        Set<String> ids = spans.stream().map(SeenSpan::id).collect(Collectors.toSet());
        assertThat(spans)
                .filteredOn(span -> !ids.contains(span.parentId()))
                .extracting(SeenSpan::parentId)
                .containsExactly(CLIENT);
    }

    private static PlacedOrder place(Purchase purchase, String trace) {
        Answer answer = within(PATIENCE, "the price is known")
                .until(
                        () -> shop.asks(purchase, "traceparent", traceparent(trace)),
                        given -> !given.text("code").equals("UNKNOWN_SKU"))
                .orFail();
        return new PlacedOrder(shop.gateway(), answer.text("orderId"), purchase);
    }

    private static String traceparent(String trace) {
        return "00-" + trace + "-" + CLIENT + "-01";
    }

    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** The spans of a trace, when nothing more comes. */
    private static List<SeenSpan> atRest(String trace) {
        var last = new ArrayList<List<SeenSpan>>(List.of(List.of()));
        within(PATIENCE, "nothing more comes of " + trace)
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> {
                    List<SeenSpan> now = COLLECTOR.trace(trace);
                    boolean same = now.equals(last.getFirst()) && !now.isEmpty();
                    last.set(0, now);
                    return same;
                });
        return last.getFirst();
    }
}
