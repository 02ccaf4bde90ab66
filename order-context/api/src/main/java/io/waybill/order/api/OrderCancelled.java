package io.waybill.order.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;

/** The customer cancelled, and owes nothing. */
@Revision(1)
public record OrderCancelled(OrderId orderId) implements OrderEvent {}
