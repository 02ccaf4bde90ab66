package io.waybill.order.api;

import io.waybill.kernel.Event;
import io.waybill.kernel.OrderId;

/** Everything that happens to an order. */
public sealed interface OrderEvent extends Event
        permits OrderPlaced,
                CancellationRequested,
                CancellationRefused,
                OrderConfirmed,
                OrderRejected,
                OrderCancelled,
                CompensationStuck,
                CompensationResumed,
                OrderDispatched,
                OrderDelivered {

    OrderId orderId();

    @Override
    default String subject() {
        return orderId().value();
    }
}
