package io.waybill.order.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;

/** The cancellation came too late: the parcel was already on its way. */
@Revision(1)
public record CancellationRefused(OrderId orderId) implements OrderEvent {}
