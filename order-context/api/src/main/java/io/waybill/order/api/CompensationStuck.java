package io.waybill.order.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;

/** Undoing this step failed for good; an operator must look. */
@Revision(1)
public record CompensationStuck(OrderId orderId, CompensationStep step) implements OrderEvent {}
