package io.waybill.order.api;

import io.waybill.kernel.OrderId;
import java.util.Set;

/** How do these orders stand? Answered by an {@link OrderSummary} of each that there is. */
public record FindOrders(Set<OrderId> orderIds) {

    public FindOrders {
        orderIds = Set.copyOf(orderIds);
    }
}
