package io.waybill.order.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;

/** An operator let the undoing go on. */
@Revision(1)
public record CompensationResumed(OrderId orderId) implements OrderEvent {}
