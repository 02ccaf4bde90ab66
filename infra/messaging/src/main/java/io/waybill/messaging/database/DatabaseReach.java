package io.waybill.messaging.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Whether the database can be reached, without asking it. Who answers somebody that waits need not wait for a
 * connection that does not come.
 */
public final class DatabaseReach {

    /** A server that is started again is back sooner, as a rule, and worth the wait. */
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private record Way(HikariDataSource pool, ReconnectingDataSource server) {

        /** A server that only grants no more connections is not away. */
        boolean isCut() {
            HikariPoolMXBean connections = pool.getHikariPoolMXBean();
            return connections != null
                    && connections.getTotalConnections() == 0
                    && server.hasFailedFor().compareTo(MOMENT) > 0;
        }
    }

    private final List<Way> ways = new CopyOnWriteArrayList<>();

    void watch(HikariDataSource pool, ReconnectingDataSource server) {
        ways.add(new Way(pool, server));
    }

    /** Whether there is no connection to it, and none could be made for a moment. */
    public boolean isAway() {
        return ways.stream().anyMatch(Way::isCut);
    }
}
