package io.waybill.order.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.waybill.messaging.metrics.CachedReading;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How many orders wait for an operator; every instance says the same, and NaN while the database is away. */
@Component
class StuckOrders implements MeterBinder {

    private final CachedReading<Long> stuck;

    StuckOrders(JdbcClient jdbc) {
        this.stuck = new CachedReading<>(
                "metrics-stuck-orders",
                () -> jdbc.sql("select count(*) from order_summary where status = 'COMPENSATION_STUCK'")
                        .query(Long.class)
                        .single());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(
                        "waybill.orders.stuck",
                        stuck,
                        reading -> reading.get().map(Long::doubleValue).orElse(Double.NaN))
                .description("orders whose compensation waits for an operator")
                .register(registry);
    }
}
