package io.waybill.order.api;

import io.waybill.kernel.OrderId;

/** The customer no longer wants the order. */
public record RequestCancellation(OrderId orderId, String reason) implements OrderCommand {}
