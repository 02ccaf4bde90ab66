package io.waybill.messaging.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.testing.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReconnectingDataSourceIT {

    private static final DataSource DATABASE =
            TestServers.freshDatabase("reconnecting").dataSource();

    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger tries = new AtomicInteger();
    private final DataSource driver = new DelegatingDataSource(DATABASE) {
        @Override
        public Connection getConnection() throws SQLException {
            tries.incrementAndGet();
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new SQLException("away");
            }
            return super.getConnection();
        }
    };

    private final DataSource source = new ReconnectingDataSource(driver, () -> false);

    @Test
    void a_server_that_was_never_reached_is_told_at_once() {
        failures.set(1);

        assertThatThrownBy(source::getConnection).hasMessage("away");
    }

    @Test
    void one_that_was_is_tried_until_it_is_back() throws SQLException {
        source.getConnection().close();
        failures.set(3);

        source.getConnection().close();

        assertThat(tries).hasValue(5);
    }

    @Test
    void a_pool_that_is_closed_ends_the_tries() throws SQLException {
        var pool = new HikariDataSource();
        pool.setDataSource(new ReconnectingDataSource(driver, pool::isClosed));
        pool.setMaximumPoolSize(1);
        pool.setConnectionTimeout(300);
        pool.getConnection().close();
        failures.set(Integer.MAX_VALUE);
        int before = tries.get();
        pool.getHikariPoolMXBean().softEvictConnections();
        assertThatThrownBy(pool::getConnection).isInstanceOf(SQLTransientConnectionException.class);
        await().until(() -> tries.get() > before + 1);

        pool.close();

        int closed = tries.get();
        await().during(Duration.ofMillis(600)).until(() -> tries.get() == closed);
    }

    @Test
    void it_is_away_when_no_connection_is_left_and_none_is_granted_any_more() throws SQLException {
        var server = new ReconnectingDataSource(driver, () -> false);
        var reach = new DatabaseReach();
        try (var pool = new HikariDataSource()) {
            pool.setDataSource(server);
            pool.setMaximumPoolSize(2);
            pool.setMinimumIdle(1);
            pool.setConnectionTimeout(300);
            reach.watch(pool, server);
            assertThat(reach.isAway()).isFalse();
            try (Connection connection = pool.getConnection()) {
                failures.set(Integer.MAX_VALUE);
                assertThatThrownBy(pool::getConnection).isInstanceOf(SQLTransientConnectionException.class);
                await().until(() -> server.hasFailedFor().compareTo(Duration.ofSeconds(2)) > 0);
                assertThat(connection.isValid(1)).isTrue();
                assertThat(reach.isAway()).isFalse();
            }

            pool.getHikariPoolMXBean().softEvictConnections();
            await().until(reach::isAway);

            failures.set(0);
            await().until(() -> !reach.isAway());
            pool.getConnection().close();
        }
    }
}
