package io.waybill.shipping.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import io.waybill.kernel.ShipmentId;

/** The booking is taken back; nothing will be shipped. */
@Revision(1)
public record ShipmentCancelled(ShipmentId shipmentId, OrderId orderId) implements ShippingEvent {}
