package io.waybill.order.api;

import io.waybill.kernel.OrderId;

/** How does this order stand? Answered by an {@link OrderSummary}, or by none. */
public record FindOrder(OrderId orderId) {}
