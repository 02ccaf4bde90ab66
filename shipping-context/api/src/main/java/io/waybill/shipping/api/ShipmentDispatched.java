package io.waybill.shipping.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import io.waybill.kernel.ShipmentId;

/** The parcel is on its way. */
@Revision(1)
public record ShipmentDispatched(ShipmentId shipmentId, OrderId orderId) implements ShippingEvent {}
