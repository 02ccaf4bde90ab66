package io.waybill.shipping.api;

import io.waybill.kernel.Address;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import io.waybill.kernel.ShipmentId;

/** The booking was accepted for the carrier; its answer is open. */
@Revision(1)
public record ShipmentRequested(ShipmentId shipmentId, OrderId orderId, Address address) implements ShippingEvent {}
