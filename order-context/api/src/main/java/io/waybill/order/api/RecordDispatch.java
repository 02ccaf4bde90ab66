package io.waybill.order.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;

/** Shipping handed the parcel over. */
public record RecordDispatch(OrderId orderId, ShipmentId shipmentId) implements OrderCommand {}
