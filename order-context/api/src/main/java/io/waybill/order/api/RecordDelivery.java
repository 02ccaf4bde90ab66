package io.waybill.order.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;

/** Shipping heard that the parcel arrived. */
public record RecordDelivery(OrderId orderId, ShipmentId shipmentId) implements OrderCommand {}
