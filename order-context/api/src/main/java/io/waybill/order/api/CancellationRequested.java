package io.waybill.order.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;

/** The customer asked to cancel; what was done is being undone. */
@Revision(1)
public record CancellationRequested(OrderId orderId, String reason) implements OrderEvent {}
