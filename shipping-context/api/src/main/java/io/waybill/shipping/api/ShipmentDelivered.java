package io.waybill.shipping.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import io.waybill.kernel.ShipmentId;

/** The parcel arrived. */
@Revision(1)
public record ShipmentDelivered(ShipmentId shipmentId, OrderId orderId) implements ShippingEvent {}
