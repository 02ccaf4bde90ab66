package io.waybill.shipping.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import io.waybill.kernel.ShipmentId;

/** The parcel was already on its way when the cancellation came. */
@Revision(1)
public record ShipmentCancellationRefused(ShipmentId shipmentId, OrderId orderId) implements ShippingEvent {}
