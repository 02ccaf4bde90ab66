package io.waybill.shipping.api;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a shipment stands: it has a tracking code once the carrier accepted it, and a reason where the carrier refused.
 * The customer is unknown where the shipment was cancelled before it was requested.
 */
public record ShipmentSummary(
        ShipmentId shipmentId,
        OrderId orderId,
        @Nullable CustomerId customerId,
        ShipmentStatus status,
        @Nullable String trackingCode,
        @Nullable String reason,
        Instant createdAt,
        Instant updatedAt) {}
