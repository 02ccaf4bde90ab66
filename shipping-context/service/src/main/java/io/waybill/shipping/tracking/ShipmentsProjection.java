package io.waybill.shipping.tracking;

import io.waybill.kernel.CustomerId;
import io.waybill.messaging.SafeToReapply;
import io.waybill.shipping.api.ShipmentCancelled;
import io.waybill.shipping.api.ShipmentCreated;
import io.waybill.shipping.api.ShipmentDelivered;
import io.waybill.shipping.api.ShipmentDispatched;
import io.waybill.shipping.api.ShipmentFailed;
import io.waybill.shipping.api.ShipmentRequested;
import io.waybill.shipping.api.ShipmentStatus;
import io.waybill.shipping.api.ShippingEvent;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.Timestamp;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keeps one row per shipment. Each event says all that changes, so the last one applied wins. */
@Component
@ProcessingGroup("shipping.tracking")
@SafeToReapply
class ShipmentsProjection {

    private final JdbcClient jdbc;

    ShipmentsProjection(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(ShipmentRequested event, @Timestamp Instant at) {
        put(event, ShipmentStatus.REQUESTED, event.customerId(), at);
    }

    @EventHandler
    void on(ShipmentCreated event, @Timestamp Instant at) {
        change(event, ShipmentStatus.CREATED, event.trackingCode(), null, at);
    }

    @EventHandler
    void on(ShipmentFailed event, @Timestamp Instant at) {
        change(event, ShipmentStatus.FAILED, null, event.reason(), at);
    }

    /** The one event besides the request that may come first. */
    @EventHandler
    void on(ShipmentCancelled event, @Timestamp Instant at) {
        put(event, ShipmentStatus.CANCELLED, null, at);
    }

    @EventHandler
    void on(ShipmentDispatched event, @Timestamp Instant at) {
        change(event, ShipmentStatus.DISPATCHED, null, null, at);
    }

    @EventHandler
    void on(ShipmentDelivered event, @Timestamp Instant at) {
        change(event, ShipmentStatus.DELIVERED, null, null, at);
    }

    @ResetHandler
    void reset() {
        jdbc.sql("DELETE FROM shipment").update();
    }

    private void put(ShippingEvent event, ShipmentStatus status, @Nullable CustomerId customer, Instant at) {
        jdbc.sql("""
            INSERT INTO shipment (shipment_id, order_id, customer_id, status, created_at, updated_at)
            VALUES (:shipmentId, :orderId, :customer, :status, :at, :at)
            ON CONFLICT (shipment_id) DO UPDATE SET
                status = excluded.status, updated_at = excluded.updated_at\
            """)
                .param("shipmentId", event.shipmentId().value())
                .param("orderId", event.orderId().value())
                .param("customer", customer == null ? null : customer.value(), Types.VARCHAR)
                .param("status", status.name())
                .param("at", at.atOffset(ZoneOffset.UTC))
                .update();
    }

    private void change(
            ShippingEvent event,
            ShipmentStatus status,
            @Nullable String trackingCode,
            @Nullable String reason,
            Instant at) {
        int changed = jdbc.sql("""
            UPDATE shipment SET
                status = :status,
                tracking_code = coalesce(:trackingCode, tracking_code),
                reason = coalesce(:reason, reason),
                updated_at = :at
            WHERE shipment_id = :shipmentId\
            """)
                .param("shipmentId", event.shipmentId().value())
                .param("status", status.name())
                .param("trackingCode", trackingCode, Types.VARCHAR)
                .param("reason", reason, Types.VARCHAR)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .update();
        if (changed == 0) {
            throw new IllegalStateException("no row of shipment " + event.shipmentId() + " to be " + status);
        }
    }
}
