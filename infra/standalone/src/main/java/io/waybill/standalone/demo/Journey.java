package io.waybill.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** One order on its way, and what its customer and the operator do about it. */
final class Journey {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final WaybillClient client;
    private final Purchase purchase;
    private final String key = UUID.randomUUID().toString();
    private final String orderId;

    private Journey(WaybillClient client, Purchase purchase) {
        this.client = client;
        this.purchase = purchase;
        this.orderId = place();
    }

    static Journey begin(WaybillClient client, Purchase purchase) {
        return new Journey(client, purchase);
    }

    String orderId() {
        return orderId;
    }

    void placeAgain() {
        String second = place();
        if (!second.equals(orderId)) {
            throw new StoryException("The repeated request bought again, as " + second);
        }
    }

    void cancel() {
        client.cancel(orderId, "Changed my mind").orFail();
    }

    void dispatch() {
        client.dispatch(shipmentId()).orFail();
    }

    void deliver() {
        client.deliver(shipmentId()).orFail();
    }

    void resume() {
        client.resume(orderId).orFail();
    }

    String status() {
        return order().text("status");
    }

    String reason() {
        return order().text("reason");
    }

    void awaitStatus(String... statuses) {
        var awaited = Set.of(statuses);
        await("becomes " + String.join(" or ", statuses), order -> awaited.contains(order.status()));
    }

    void awaitEvent(String event) {
        await("knows of " + event, order -> order.events().contains(event));
    }

    /** The names of the events so far, across all contexts, in order. */
    List<String> events() {
        JsonNode items = client.history(orderId).orFail().body().path("items");
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.path("type").asText().split("\\."))
                .filter(type -> type.length > 2)
                .map(type -> type[2])
                .toList();
    }

    /** In which something happened for the order. */
    Set<String> contexts() {
        JsonNode items = client.history(orderId).orFail().body().path("items");
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.path("type").asText().split("\\."))
                .filter(type -> type.length > 2)
                .map(type -> type[1])
                .collect(Collectors.toSet());
    }

    /** Where people see the trace of the order; empty where they do not. */
    String traceUrl() {
        return client.history(orderId).orFail().text("traceUrl");
    }

    /** The events so far in plain words. */
    String inWords() {
        return String.join(", ", events().stream().map(Journey::words).toList());
    }

    private String place() {
        return client.placeOrder(purchase, Map.of("Idempotency-Key", key))
                .orFail()
                .text("orderId");
    }

    private String shipmentId() {
        return order().text("shipment/shipmentId");
    }

    private Answer order() {
        return client.order(orderId).orFail();
    }

    private void await(String what, Predicate<Journey> condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.test(this)) {
            if (System.nanoTime() > deadline) {
                throw new StoryException("Waited %d s in vain until the order %s; it is %s"
                        .formatted(PATIENCE.toSeconds(), what, status()));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static String words(String event) {
        return event.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
