package io.waybill.shipping.api;

/** How a shipment stands. */
public enum ShipmentStatus {
    REQUESTED,
    CREATED,
    FAILED,
    CANCELLED,
    DISPATCHED,
    DELIVERED
}
