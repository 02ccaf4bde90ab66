package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static io.waybill.acceptance.Status.CANCELLED;
import static io.waybill.acceptance.Status.COMPENSATION_STUCK;
import static io.waybill.acceptance.Status.CONFIRMED;
import static io.waybill.acceptance.Status.DELIVERED;
import static io.waybill.acceptance.Status.DISPATCHED;
import static io.waybill.acceptance.Status.REJECTED;
import static io.waybill.acceptance.TracedShop.PATIENCE;
import static io.waybill.acceptance.TracedShop.newTrace;
import static io.waybill.acceptance.TracedShop.traceparent;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.SeenSpan;
import io.waybill.testing.TestServers;
import io.waybill.testing.TraceCollector;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What a collector of traces sees of an order, from the client that began the trace to the last thing done for it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(RunningSystem.OF_ITS_OWN)
class TracingIT {

    private static final TraceCollector COLLECTOR = TraceCollector.listening();
    private static Runnable end;
    private static Supplier<String> output;
    private static Shop shop;
    private static TracedShop traced;

    @BeforeAll
    static void start() {
        List<String> settings = TracedShop.settings(
                COLLECTOR,
                "waybill.tracing.ui-url=https://traces.example.org/{traceId}",
                "waybill.fulfilment.first-wait=4s",
                "waybill.fulfilment.patience=1");
        if (SharedSystem.isDistributed()) {
            var processes = Distributed.open("traced", TestServers.freshNamespace("traced"), settings, settings);
            end = processes::close;
            processes.runAll();
            output = () -> Distributed.CONTEXTS.stream()
                    .flatMap(context -> processes.processes(context).stream())
                    .map(ChildJvm::output)
                    .collect(Collectors.joining());
            shop = Shop.at(processes);
        } else {
            var process = Standalone.inFreshFolder("traced", settings);
            end = process::close;
            process.start();
            output = process::output;
            shop = Shop.at(process);
        }
        traced = new TracedShop(shop, COLLECTOR);
    }

    @AfterAll
    static void stop() {
        end.run();
        COLLECTOR.close();
    }

    @Test
    void an_order_that_is_bought_is_one_trace() {
        String trace = newTrace();
        PlacedOrder order = traced.place(Purchase.of(shop.sells(5), 1), trace).becomes(CONFIRMED);
        List<SeenSpan> spans = traced.isWhole(trace);

        // Whether a task has to ask what it is to do depends on whether it began where it was enqueued.
        assertThat(COLLECTOR.tree(trace, span -> !span.isSql() && !span.name().startsWith("handle TakeUp")))
                .isEqualTo("""
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
                                                          order INTERNAL order.tracking StockReserved
                                              order INTERNAL order.refund-voided PaymentCompleted
                                              order INTERNAL order.tracking PaymentCompleted
                                        payment CLIENT payment charge
                              order INTERNAL order.tracking OrderPlaced
                              order PRODUCER send OrderPlaced
                    """);
        assertThat(spans)
                .allSatisfy(span ->
                        assertThat(span.attribute("order.id")).as("%s", span).isEqualTo(order.id()));
    }

    @Test
    void every_statement_is_seen_and_nothing_of_what_a_customer_told_us() {
        String trace = newTrace();
        traced.place(Purchase.of(shop.sells(5), 1), trace).becomes(CONFIRMED);
        List<SeenSpan> spans = traced.atRest(trace);

        assertThat(spans.stream().filter(SeenSpan::isSql).map(SeenSpan::name))
                .contains("INSERT event_stream", "SELECT saga_association", "INSERT order_summary", "BEGIN", "COMMIT");
        assertThat(spans)
                .filteredOn(span -> span.name().equals("INSERT event_stream"))
                .allSatisfy(span -> assertThat(span.attribute("db.query.text")).contains("unnest(?::text[]"));
        assertThat(spans)
                .extracting(SeenSpan::everything)
                .allSatisfy(text -> assertThat(text).doesNotContain("Hopper", "Harbour", "@example.org", "pm_card"));
    }

    @Test
    void a_delivery_is_a_trace_of_each_who_brought_it_about() {
        PlacedOrder order =
                traced.place(Purchase.of(shop.sells(5), 1), newTrace()).becomes(CONFIRMED);
        String dispatched = newTrace();
        String delivered = newTrace();
        String shipment = order.shipmentId();
        traced.ask("/api/shipments/" + shipment + "/dispatch", "", dispatched);
        order.becomes(DISPATCHED);
        traced.ask("/api/shipments/" + shipment + "/delivery", "", delivered);
        order.becomes(DELIVERED);

        traced.goes(dispatched, """
            waybill-gateway SERVER POST /api/shipments/{id}/dispatch
              waybill-gateway CLIENT POST /api/shipments/{id}/dispatch
                shipping SERVER http post /api/shipments/{id}/dispatch
                  shipping PRODUCER send ShipmentDispatched
                    inventory CONSUMER receive ShipmentDispatched
                      inventory PRODUCER send StockCommitted
                        order CONSUMER receive StockCommitted
                    order CONSUMER receive ShipmentDispatched
                      order CLIENT mail send
                      order PRODUCER send OrderDispatched
            """);
        traced.goes(delivered, """
            waybill-gateway SERVER POST /api/shipments/{id}/delivery
              waybill-gateway CLIENT POST /api/shipments/{id}/delivery
                shipping SERVER http post /api/shipments/{id}/delivery
                  shipping PRODUCER send ShipmentDelivered
                    order CONSUMER receive ShipmentDelivered
                      order PRODUCER send OrderDelivered
            """);
    }

    @Test
    void a_payment_that_is_declined_ends_the_trace() {
        String trace = newTrace();
        traced.place(Purchase.of(shop.sells(5), 1).paidWith("pm_card_visa_chargeDeclined"), trace)
                .isRejectedBecauseOf("PAYMENT_DECLINED");
        traced.goes(trace, """
            waybill-gateway SERVER POST /api/orders
              waybill-gateway CLIENT POST /api/orders
                order SERVER http post /api/orders
                  order PRODUCER send OrderPlaced
                  order PRODUCER send ProcessPayment
                    payment CONSUMER receive ProcessPayment
                      payment CLIENT payment charge
                      payment PRODUCER send PaymentFailed
                        order CONSUMER receive PaymentFailed
                          order CLIENT mail send
                          order PRODUCER send OrderRejected
                      payment PRODUCER send PaymentRequested
                        order CONSUMER receive PaymentRequested
            """);
    }

    @Test
    void what_is_out_of_stock_is_refunded_within_the_trace() {
        String trace = newTrace();
        traced.place(Purchase.of(shop.sells(3), 4), trace).isRejectedBecauseOf("OUT_OF_STOCK");
        traced.goes(trace, """
            waybill-gateway SERVER POST /api/orders
              waybill-gateway CLIENT POST /api/orders
                order SERVER http post /api/orders
                  order PRODUCER send OrderPlaced
                  order PRODUCER send ProcessPayment
                    payment CONSUMER receive ProcessPayment
                      payment CLIENT payment charge
                      payment PRODUCER send PaymentCompleted
                        order CONSUMER receive PaymentCompleted
                          order PRODUCER send ReserveStock
                            inventory CONSUMER receive ReserveStock
                              inventory PRODUCER send StockReservationFailed
                                order CONSUMER receive StockReservationFailed
                                  order PRODUCER send RefundPayment
                                    payment CONSUMER receive RefundPayment
                                      payment CLIENT payment refund
                                      payment PRODUCER send PaymentRefunded
                                        order CONSUMER receive PaymentRefunded
                                          order CLIENT mail send
                                          order PRODUCER send OrderRejected
                                      payment PRODUCER send RefundRequested
                                        order CONSUMER receive RefundRequested
                      payment PRODUCER send PaymentRequested
                        order CONSUMER receive PaymentRequested
            """);
    }

    @Test
    void what_the_carrier_refuses_is_undone_within_the_trace() {
        String trace = newTrace();
        traced.place(Purchase.of(shop.sells(5), 5).sentNowhere(), trace).isRejectedBecauseOf("SHIPMENT_REFUSED");
        traced.goes(trace, """
            waybill-gateway SERVER POST /api/orders
              waybill-gateway CLIENT POST /api/orders
                order SERVER http post /api/orders
                  order PRODUCER send OrderPlaced
                  order PRODUCER send ProcessPayment
                    payment CONSUMER receive ProcessPayment
                      payment CLIENT payment charge
                      payment PRODUCER send PaymentCompleted
                        order CONSUMER receive PaymentCompleted
                          order PRODUCER send ReserveStock
                            inventory CONSUMER receive ReserveStock
                              inventory PRODUCER send StockReserved
                                order CONSUMER receive StockReserved
                                  order PRODUCER send CreateShipment
                                    shipping CONSUMER receive CreateShipment
                                      shipping CLIENT carrier book
                                      shipping PRODUCER send ShipmentFailed
                                        order CONSUMER receive ShipmentFailed
                                          order PRODUCER send ReleaseStock
                                            inventory CONSUMER receive ReleaseStock
                                              inventory PRODUCER send StockReleased
                                                order CONSUMER receive StockReleased
                                                  order PRODUCER send RefundPayment
                                                    payment CONSUMER receive RefundPayment
                                                      payment CLIENT payment refund
                                                      payment PRODUCER send PaymentRefunded
                                                        order CONSUMER receive PaymentRefunded
                                                          order CLIENT mail send
                                                          order PRODUCER send OrderRejected
                                                      payment PRODUCER send RefundRequested
                                                        order CONSUMER receive RefundRequested
                                      shipping PRODUCER send ShipmentRequested
                                        order CONSUMER receive ShipmentRequested
                      payment PRODUCER send PaymentRequested
                        order CONSUMER receive PaymentRequested
            """);
    }

    @Test
    void a_cancellation_is_a_trace_of_its_own_with_all_that_it_undoes() {
        PlacedOrder order =
                traced.place(Purchase.of(shop.sells(5), 3), newTrace()).becomes(CONFIRMED);
        String trace = newTrace();
        cancel(order, trace);
        order.becomes(CANCELLED);
        traced.goes(trace, """
            waybill-gateway SERVER POST /api/orders/{id}/cancellation
              waybill-gateway CLIENT POST /api/orders/{id}/cancellation
                order SERVER http post /api/orders/{id}/cancellation
                  order PRODUCER send CancelShipment
                    shipping CONSUMER receive CancelShipment
                      shipping CLIENT carrier cancel
                      shipping PRODUCER send ShipmentCancelled
                        order CONSUMER receive ShipmentCancelled
                          order PRODUCER send ReleaseStock
                            inventory CONSUMER receive ReleaseStock
                              inventory PRODUCER send StockReleased
                                order CONSUMER receive StockReleased
                                  order PRODUCER send RefundPayment
                                    payment CONSUMER receive RefundPayment
                                      payment CLIENT payment refund
                                      payment PRODUCER send PaymentRefunded
                                        order CONSUMER receive PaymentRefunded
                                          order CLIENT mail send
                                          order PRODUCER send OrderCancelled
                                      payment PRODUCER send RefundRequested
                                        order CONSUMER receive RefundRequested
                  order PRODUCER send CancellationRequested
            """);
    }

    @Test
    void a_cancellation_half_way_leaves_two_whole_traces() {
        String placed = newTrace();
        PlacedOrder order = traced.place(Purchase.of(shop.sells(5), 1).paidWith("pm_sandbox_slow"), placed)
                .hearsOf("PaymentRequested");
        String cancelled = newTrace();
        cancel(order, cancelled);
        order.becomes(CANCELLED);

        assertThat(traced.isWhole(cancelled))
                .extracting(SeenSpan::name)
                .contains("send RefundPayment", "send OrderCancelled");
        assertThat(traced.isWhole(placed))
                .extracting(SeenSpan::name)
                .contains("payment charge")
                .doesNotContain("send RefundPayment", "send OrderCancelled", "send ReserveStock");
    }

    @Test
    void each_call_of_a_partner_that_cannot_be_reached_is_seen() {
        String trace = newTrace();
        traced.place(Purchase.of(shop.sells(5), 1).paidWith("pm_sandbox_unavailable"), trace)
                .becomes(CONFIRMED);
        List<SeenSpan> spans = traced.isWhole(trace);
        List<SeenSpan> calls = spans.stream()
                .filter(span -> span.name().equals("payment charge"))
                .toList();
        assertThat(calls).extracting(SeenSpan::failed).contains(true).containsOnlyOnce(false);
        assertThat(calls).extracting(SeenSpan::parentId).doesNotHaveDuplicates();
    }

    @Test
    void a_slow_partner_is_the_longest_call() {
        String trace = newTrace();
        traced.place(Purchase.of(shop.sells(5), 1).paidWith("pm_sandbox_slow"), trace)
                .becomes(CONFIRMED);
        List<SeenSpan> spans = traced.isWhole(trace);
        assertThat(longest(spans.stream().filter(span -> span.kind().equals("CLIENT")))
                        .name())
                .isEqualTo("payment charge");
    }

    @Test
    void an_operator_who_resumes_a_stuck_refund_begins_another_trace() {
        String placed = newTrace();
        PlacedOrder order = traced.place(
                Purchase.of(shop.sells(5), 1)
                        .paidWith("pm_sandbox_refund_fails")
                        .sentNowhere(),
                placed);
        order.becomes(COMPENSATION_STUCK);
        traced.isWhole(placed);

        String resumed = newTrace();
        traced.ask("/api/admin/order/orders/" + order.id() + "/resume", "", resumed);
        order.becomes(REJECTED);
        traced.goes(resumed, """
            waybill-gateway SERVER POST /api/admin/order/**
              waybill-gateway CLIENT POST /api/admin/order/**
                order SERVER http post /api/admin/order/orders/{id}/resume
                  order PRODUCER send CompensationResumed
                  order PRODUCER send RefundPayment
                    payment CONSUMER receive RefundPayment
                      payment CLIENT payment refund
                      payment PRODUCER send PaymentRefunded
                        order CONSUMER receive PaymentRefunded
                          order CLIENT mail send
                          order PRODUCER send OrderRejected
                      payment PRODUCER send RefundRequested
                        order CONSUMER receive RefundRequested
            """);
    }

    @Test
    void the_same_request_sent_twice_does_nothing_the_second_time() {
        Purchase purchase = Purchase.of(shop.sells(5), 1);
        PlacedOrder order = traced.place(purchase, newTrace()).becomes(CONFIRMED);
        String trace = newTrace();
        assertThat(traced.place(purchase, trace)).isEqualTo(order);
        traced.goes(trace, """
            waybill-gateway SERVER POST /api/orders
              waybill-gateway CLIENT POST /api/orders
                order SERVER http post /api/orders
            """);
    }

    @Test
    void what_the_cache_answers_asks_no_context() {
        Product product = shop.sells(5);
        String path = "/api/products/" + product.sku();
        String trace = within(PATIENCE, "the cache knows the product")
                .until(
                        () -> {
                            String asked = newTrace();
                            Answer answer = shop.gateway()
                                    .get(path, "traceparent", traceparent(asked))
                                    .orFail();
                            return answer.header("Cache-Status").contains("; hit") ? asked : "";
                        },
                        asked -> !asked.isEmpty());

        traced.goes(trace, """
            waybill-gateway SERVER GET /api/products/{sku}
            """);
        assertThat(COLLECTOR.trace(trace).getFirst().attribute("waybill.cache.status"))
                .startsWith("waybill-gateway; hit");
    }

    @Test
    void what_somebody_types_into_a_path_is_in_no_span() {
        String trace = newTrace();
        shop.gateway().get("/api/products/grace.hopper%40example.org", "traceparent", traceparent(trace));

        assertThat(traced.atRest(trace)).extracting(SeenSpan::service).contains("waybill-gateway", "inventory");
        assertThat(COLLECTOR.trace(trace))
                .extracting(SeenSpan::everything)
                .allSatisfy(text -> assertThat(text).doesNotContain("hopper", "example.org"));
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
        PlacedOrder order = traced.place(Purchase.of(shop.sells(5), 1).paidWith("pm_sandbox_silent"), trace);
        order.isRejectedBecauseOf("TIMED_OUT");
        traced.isWhole(trace);

        String repeated = traced.linkedTo(trace).traceId();
        assertThat(traced.atRest(repeated)).extracting(SeenSpan::name).contains("send ProcessPayment");
        String givenUp = traced.linkedTo(repeated).traceId();
        List<SeenSpan> undone = traced.atRest(givenUp);
        assertThat(undone).extracting(SeenSpan::name).contains("send RefundPayment", "handle RejectOrder");
        assertThat(undone)
                .allSatisfy(span ->
                        assertThat(span.attribute("order.id")).as("%s", span).isEqualTo(order.id()));
    }

    @Test
    void a_replay_is_one_span_and_nothing_of_it_is_an_orders() {
        String trace = newTrace();
        traced.place(Purchase.of(shop.sells(5), 1), trace).becomes(CONFIRMED);
        List<SeenSpan> before = traced.atRest(trace);

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
        assertThat(traced.atRest(trace)).hasSameSizeAs(before);
    }

    @Test
    void a_collector_that_is_away_loses_no_order() {
        COLLECTOR.goAway();
        try {
            traced.place(Purchase.of(shop.sells(5), 1), newTrace()).becomes(CONFIRMED);
        } finally {
            COLLECTOR.comeBack();
        }
        assertThat(output.get()).contains("Traces cannot be sent").doesNotContain("Failed to export");
        String trace = newTrace();
        traced.place(Purchase.of(shop.sells(5), 1), trace).becomes(CONFIRMED);
        traced.isWhole(trace);
    }

    private static void cancel(PlacedOrder order, String trace) {
        traced.ask(order.path("/cancellation"), "{\"reason\":\"I found it cheaper\"}", trace);
    }

    private static SeenSpan longest(Stream<SeenSpan> spans) {
        return spans.max(Comparator.comparingLong(span -> span.endNanos() - span.startNanos()))
                .orElseThrow();
    }
}
