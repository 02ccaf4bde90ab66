package io.waybill.order.api;

import io.waybill.kernel.ShipmentId;
import org.jspecify.annotations.Nullable;

/** What the order knows of its shipment; the tracking code is there once the carrier gave one. */
public record ShipmentSummary(
        ShipmentId shipmentId, Status status, @Nullable String trackingCode) {

    /** What was last heard of the shipment. */
    public enum Status {
        REQUESTED,
        CREATED,
        FAILED,
        CANCELLED,
        DISPATCHED,
        DELIVERED
    }
}
