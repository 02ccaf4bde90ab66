package io.waybill.order.web;

import io.waybill.order.api.OrderCancelled;
import io.waybill.order.api.OrderDelivered;
import io.waybill.order.api.OrderHistoryEntry;
import io.waybill.order.api.OrderRejected;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The events with which an order's story ends. */
final class Ending {

    private static final Set<String> TYPES = Stream.of(OrderDelivered.class, OrderRejected.class, OrderCancelled.class)
            .map(type -> "waybill.order." + type.getSimpleName())
            .collect(Collectors.toUnmodifiableSet());

    private Ending() {}

    static boolean of(OrderHistoryEntry entry) {
        return TYPES.contains(entry.type().substring(0, entry.type().lastIndexOf('.')));
    }
}
