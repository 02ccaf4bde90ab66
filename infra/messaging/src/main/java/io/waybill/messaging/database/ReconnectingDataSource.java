package io.waybill.messaging.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connects for a pool, and goes on trying while the server cannot be reached. HikariCP itself doubles its pauses up to
 * 5 s; whoever waits for a connection when the server is back would wait for the rest of such a pause. Before the first
 * connection a failure is told at once, so that a process with a wrong address says so.
 */
final class ReconnectingDataSource extends DelegatingDataSource {

    private static final Logger LOG = LoggerFactory.getLogger(ReconnectingDataSource.class);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final BooleanSupplier isClosed;

    /** The SQLSTATE of the latest failure, which is told when it changes; null where there was none since. */
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    private volatile boolean wasReached;

    /** By {@link System#nanoTime}; means something while there is a failure. */
    private volatile long failedSince;

    private interface Attempt {
        Connection connect() throws SQLException;
    }

    /** @param isClosed whether the pool is, which waits for a try that is under way and interrupts none */
    ReconnectingDataSource(DataSource target, BooleanSupplier isClosed) {
        super(target);
        this.isClosed = isClosed;
    }

    /** @throws SQLException if the server was never reached yet, or the pool is closed meanwhile */
    @Override
    public Connection getConnection() throws SQLException {
        return untilReached(super::getConnection);
    }

    /** @throws SQLException if the server was never reached yet, or the pool is closed meanwhile */
    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return untilReached(() -> super.getConnection(username, password));
    }

    /** For how long it has been tried in vain; zero if the last try succeeded. */
    Duration hasFailedFor() {
        return failure.get() == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - failedSince);
    }

    private Connection untilReached(Attempt attempt) throws SQLException {
        while (true) {
            try {
                Connection connection = attempt.connect();
                wasReached = true;
                if (failure.getAndSet(null) != null) {
                    LOG.info("The database can be reached again");
                }
                return connection;
            } catch (SQLException e) {
                if (!wasReached || isClosed.getAsBoolean()) {
                    throw e;
                }
                String state = String.valueOf(e.getSQLState());
                if (failure.get() == null) {
                    failedSince = System.nanoTime();
                }
                if (!state.equals(failure.getAndSet(state))) {
                    LOG.warn("The database cannot be reached, trying again every {}: {}", PAUSE, e.getMessage());
                }
                pause(e);
            }
        }
    }

    private static void pause(SQLException failure) throws SQLException {
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }
}
