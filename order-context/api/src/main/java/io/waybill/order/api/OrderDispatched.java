package io.waybill.order.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import io.waybill.kernel.ShipmentId;

/** The parcel is on its way; there is no way back. */
@Revision(1)
public record OrderDispatched(OrderId orderId, ShipmentId shipmentId) implements OrderEvent {}
