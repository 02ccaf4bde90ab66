package io.waybill.order.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import io.waybill.kernel.ShipmentId;

/** The parcel arrived. */
@Revision(1)
public record OrderDelivered(OrderId orderId, ShipmentId shipmentId) implements OrderEvent {}
