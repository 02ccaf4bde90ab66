package io.waybill.order.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.metrics.MessagingMeters;
import io.waybill.order.api.OrderCancelled;
import io.waybill.order.api.OrderConfirmed;
import io.waybill.order.api.OrderDispatched;
import io.waybill.order.api.OrderRejected;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.stereotype.Component;

/**
 * Orders by what became of them, and how long that took since they were placed. Whom a customer hears of is whom we
 * count, so this is a part of the processor that has the customer told, which no replay reaches.
 */
@Component
@ProcessingGroup("order.notification")
@DisallowReplay
class OrderMeters {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(30)
    };

    private final MeterRegistry registry;

    OrderMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @EventHandler
    void on(OrderConfirmed event, @Timestamp Instant at) {
        record(event.orderId(), "confirmed", "none", at);
    }

    @EventHandler
    void on(OrderRejected event, @Timestamp Instant at) {
        record(event.orderId(), "rejected", event.reason().name().toLowerCase(Locale.ROOT), at);
    }

    @EventHandler
    void on(OrderCancelled event, @Timestamp Instant at) {
        record(event.orderId(), "cancelled", "none", at);
    }

    @EventHandler
    void on(OrderDispatched event, @Timestamp Instant at) {
        record(event.orderId(), "dispatched", "none", at);
    }

    private void record(OrderId order, String outcome, String reason, Instant at) {
        Timer timer = Timer.builder("waybill.orders")
                .description("orders by outcome, and the time since they were placed")
                .tags("outcome", outcome, "reason", reason)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        MessagingMeters.onceCommitted(() -> timer.record(Duration.between(placedAt(order), at)));
    }

    /** An order's id begins with the milliseconds of its birth. */
    static Instant placedAt(OrderId order) {
        UUID id = UUID.fromString(order.value().substring(order.value().indexOf('_') + 1));
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }
}
