package io.waybill.order.api;

import io.waybill.kernel.OrderId;

/** The cancellation the customer asked for is complete: everything is undone. */
public record CancelOrder(OrderId orderId) implements OrderCommand {}
