package io.waybill.shipping.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import io.waybill.kernel.ShipmentId;

/** The carrier accepted the parcel. */
@Revision(1)
public record ShipmentCreated(ShipmentId shipmentId, OrderId orderId, String trackingCode) implements ShippingEvent {}
