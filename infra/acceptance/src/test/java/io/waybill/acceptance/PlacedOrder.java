package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/** An order that was accepted, and what its customer and the operators do about it. */
record PlacedOrder(Http gateway, String id, Purchase purchase) {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    Answer view() {
        return gateway.get("/api/orders/" + id).orFail();
    }

    Status status() {
        return Status.valueOf(view().text("status"));
    }

    BigDecimal total() {
        return new BigDecimal(view().text("total/amount"));
    }

    String paymentId() {
        return view().text("payment/paymentId");
    }

    String shipmentId() {
        return view().text("shipment/shipmentId");
    }

    /** The names of all events so far, across contexts. */
    List<String> history() {
        var items = gateway.get(path("/history")).orFail().body().path("items");
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.path("type").asText().split("\\.", 4)[2])
                .toList();
    }

    PlacedOrder becomes(Status wanted) {
        within(PATIENCE, id + " becomes " + wanted)
                .failFast(() ->
                        assertThat(endedAs(wanted)).as("%s: %s", id, history()).isTrue())
                .untilAsserted(
                        () -> assertThat(status()).as("%s: %s", id, history()).isEqualTo(wanted));
        return this;
    }

    /** For an order whose end is open. A confirmed one looks at rest while what was accepted for it is under way. */
    PlacedOrder becomesOneOf(Status... wanted) {
        within(PATIENCE, id + " becomes one of " + List.of(wanted))
                .untilAsserted(
                        () -> assertThat(status()).as("%s: %s", id, history()).isIn((Object[]) wanted));
        return this;
    }

    void isRejectedBecauseOf(String reason) {
        becomes(Status.REJECTED);
        assertThat(view().text("reason")).isEqualTo(reason);
    }

    /** Waits until its history tells of all these, whatever else happened in between. */
    PlacedOrder hearsOf(String... events) {
        within(PATIENCE, id + " hears")
                .untilAsserted(() -> assertThat(history()).containsSubsequence(events));
        return this;
    }

    PlacedOrder comesToRest() {
        within(PATIENCE, id + " comes to rest")
                .untilAsserted(() -> assertThat(status().isAtRest())
                        .as("%s: %s", id, history())
                        .isTrue());
        return this;
    }

    Answer cancel() {
        return gateway.post(path("/cancellation"), "{\"reason\":\"I found it cheaper\"}");
    }

    Answer dispatch() {
        return gateway.post("/api/shipments/" + shipmentId() + "/dispatch");
    }

    Answer deliver() {
        return gateway.post("/api/shipments/" + shipmentId() + "/delivery");
    }

    /** An operator lets the compensation go on that is stuck. */
    Answer resume() {
        return gateway.post("/api/admin/order/orders/" + id + "/resume");
    }

    String path(String below) {
        return "/api/orders/" + id + below;
    }

    /** No order leaves these, so waiting on would be in vain. While its read model is rebuilt, nobody knows. */
    private boolean endedAs(Status wanted) {
        Answer answer = gateway.get("/api/orders/" + id);
        if (!answer.isSuccess()) {
            return true;
        }
        Status now = Status.valueOf(answer.text("status"));
        return now == wanted || (now != Status.REJECTED && now != Status.CANCELLED && now != Status.DELIVERED);
    }
}
