package io.waybill.acceptance.faults;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** Watches how many orders are decided: confirmed, rejected or cancelled. */
final class Decisions implements AutoCloseable {

    private static final Duration STEP = Duration.ofMillis(200);

    private final Postgres postgres;
    private final Rates rates;
    private final Thread watch = Thread.ofPlatform().daemon().name("decisions").unstarted(this::look);
    private volatile boolean over;
    private long last;

    private Decisions(Postgres postgres, Rates rates) {
        this.postgres = postgres;
        this.rates = rates;
    }

    static Decisions of(Rig rig, Rates rates) {
        return new Decisions(rig.postgres(), rates);
    }

    /** From now on, until it is closed. */
    void watch() {
        watch.start();
    }

    @Override
    public void close() {
        over = true;
        watch.interrupt();
    }

    private void look() {
        while (!over) {
            try {
                postgres.query("order", """
                    SELECT count(*), coalesce(max(position), 0) FROM event_stream
                    WHERE position > %d AND source = '/waybill/order'
                    AND type IN ('waybill.order.OrderConfirmed', 'waybill.order.OrderRejected',
                                 'waybill.order.OrderCancelled')\
                    """.formatted(last), this::count);
                Rig.pause(STEP);
            } catch (SQLException e) {
                // PostgreSQL is away, as it has to be now and then.
                Rig.pause(STEP);
            } catch (IllegalStateException e) {
                return;
            }
        }
    }

    private void count(ResultSet row) {
        try {
            row.next();
            if (row.getInt(1) > 0) {
                rates.decided(System.nanoTime(), row.getInt(1));
                last = row.getLong(2);
            }
        } catch (SQLException e) {
            throw new IllegalArgumentException("The query has other columns", e);
        }
    }
}
