package io.waybill.order.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;

/** We could not deliver, and the customer owes nothing. */
@Revision(1)
public record OrderRejected(OrderId orderId, RejectionReason reason) implements OrderEvent {}
