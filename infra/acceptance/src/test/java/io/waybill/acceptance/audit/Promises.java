package io.waybill.acceptance.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What clients were told, written down when they were told it. Thread-safe. */
public final class Promises {

    /** @param kind an order's status that somebody was shown, or {@link #CANCELLING} or {@link #DISPATCHED} */
    record Promise(String order, String kind) {}

    /** The answer to an accepted cancellation. */
    public static final String CANCELLING = "CANCELLING";

    /** The answer to a dispatch. */
    public static final String DISPATCHED = "DISPATCHED";

    private final Map<String, Set<String>> ordersByKey = new ConcurrentHashMap<>();
    private final Set<Promise> told = ConcurrentHashMap.newKeySet();

    /** An order was accepted under an idempotency key. */
    public void accepted(String key, String order) {
        ordersByKey.computeIfAbsent(key, it -> ConcurrentHashMap.newKeySet()).add(order);
    }

    /** Somebody was told that an order is, or will be, in a state. */
    public void told(String order, String status) {
        told.add(new Promise(order, status));
    }

    /** How many orders were accepted. */
    public int orders() {
        return ordersByKey.size();
    }

    Map<String, Set<String>> ordersByKey() {
        return Map.copyOf(ordersByKey);
    }

    List<Promise> told() {
        return new ArrayList<>(told);
    }
}
