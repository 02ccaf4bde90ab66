package io.waybill.order.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.kernel.OrderId;
import io.waybill.order.api.OrderCancelled;
import io.waybill.order.api.OrderConfirmed;
import io.waybill.order.api.OrderRejected;
import io.waybill.order.api.RejectionReason;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OrderMetersTest {

    private static final Instant PLACED = Instant.parse("2026-11-22T12:00:00.123Z");
    private static final OrderId ORDER = OrderId.timeOrdered(PLACED, new Random(1));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final OrderMeters meters = new OrderMeters(registry);

    @Test
    void an_order_tells_when_it_was_placed() {
        assertThat(OrderMeters.placedAt(ORDER)).isEqualTo(PLACED);
    }

    @Test
    void the_time_to_an_outcome_begins_when_the_order_was_placed() {
        meters.on(new OrderConfirmed(ORDER), PLACED.plusMillis(1500));

        var confirmed =
                registry.get("waybill.orders").tag("outcome", "confirmed").timer();
        assertThat(confirmed.count()).isEqualTo(1);
        assertThat(confirmed.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(1500);
    }

    @Test
    void rejected_orders_are_told_apart_by_their_reason() {
        meters.on(new OrderRejected(ORDER, RejectionReason.OUT_OF_STOCK), PLACED.plusSeconds(1));
        meters.on(new OrderRejected(ORDER, RejectionReason.TIMED_OUT), PLACED.plusSeconds(1));
        meters.on(new OrderCancelled(ORDER), PLACED.plusSeconds(1));

        assertThat(registry.get("waybill.orders")
                        .tags("outcome", "rejected", "reason", "out_of_stock")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("waybill.orders").timers()).hasSize(3);
    }
}
