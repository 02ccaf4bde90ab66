package io.waybill.shipping.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import io.waybill.kernel.ShipmentId;

/** The carrier refused; nothing will be shipped. */
@Revision(1)
public record ShipmentFailed(ShipmentId shipmentId, OrderId orderId, String reason) implements ShippingEvent {}
