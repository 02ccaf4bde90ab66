package io.waybill.shipping.web;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;
import io.waybill.shipping.api.ShipmentStatus;
import io.waybill.shipping.api.ShipmentSummary;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A shipment as the REST API shows it. */
record ShipmentView(
        ShipmentId shipmentId,
        OrderId orderId,
        ShipmentStatus status,
        @Nullable String trackingCode,
        @Nullable String reason,
        Instant createdAt,
        Instant updatedAt) {

    static ShipmentView of(ShipmentSummary shipment) {
        return new ShipmentView(
                shipment.shipmentId(),
                shipment.orderId(),
                shipment.status(),
                shipment.trackingCode(),
                shipment.reason(),
                shipment.createdAt(),
                shipment.updatedAt());
    }
}
