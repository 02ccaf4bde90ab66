package io.waybill.messaging.stream;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Tells other processes on the same database that the stream has grown, and hears it from them. NOTIFY takes a lock on
 * the whole server at commit, so it is sent outside the append's transaction and at most as often as anybody reads; a
 * notice that is lost costs no more than the wait for the safety poll.
 */
public final class StreamNotices implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(StreamNotices.class);
    private static final String CHANNEL = "waybill_stream";
    private static final long QUIET_MILLIS = 5;
    private static final int LISTEN_MILLIS = 10_000;

    private final DataSource dataSource;
    private final JdbcTemplate jdbc;
    private final EventStream stream;
    private final String instance;
    private final BooleanSupplier alone;
    private final Semaphore pending = new Semaphore(0);

    /** More often nobody reads. */
    private final ReadingPace pace = new ReadingPace();

    private volatile boolean running;
    private @Nullable Thread sender;
    private @Nullable Thread listener;

    /**
     * The notices of one process.
     *
     * @param instance tells its notices from those of others
     * @param alone whether nobody would hear a notice; who has just come polls until it is known
     */
    public StreamNotices(DataSource dataSource, EventStream stream, String instance, BooleanSupplier alone) {
        this.dataSource = dataSource;
        this.jdbc = new JdbcTemplate(dataSource);
        this.stream = stream;
        this.instance = instance;
        this.alone = alone;
        stream.onAppend(pending::release);
    }

    @Override
    public void start() {
        running = true;
        sender = daemon("stream-notices-out", this::send);
        listener = daemon("stream-notices-in", this::listen);
    }

    @Override
    public void stop() {
        running = false;
        if (sender != null) {
            sender.interrupt();
        }
        if (listener != null) {
            listener.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 1000;
    }

    private static Thread daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void send() {
        try {
            while (running) {
                pending.acquire();
                TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
                pace.await();
                pending.drainPermits();
                if (alone.getAsBoolean()) {
                    continue;
                }
                try {
                    jdbc.query("select pg_notify(?, ?)", row -> {}, CHANNEL, instance);
                } catch (DataAccessException e) {
                    LOG.debug("Other processes were not told of an append; their safety poll finds it", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        while (running) {
            try (Connection connection = dataSource.getConnection()) {
                connection.setAutoCommit(true);
                try (var statement = connection.createStatement()) {
                    statement.execute("listen " + CHANNEL);
                }
                PGConnection postgres = connection.unwrap(PGConnection.class);
                while (running) {
                    hear(postgres.getNotifications(LISTEN_MILLIS));
                }
            } catch (SQLException e) {
                LOG.debug("Notices of other processes cannot be heard for a moment", e);
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private void hear(PGNotification @Nullable [] notices) {
        if (notices == null) {
            return;
        }
        for (PGNotification notice : notices) {
            if (!notice.getParameter().equals(instance)) {
                stream.signal();
                return;
            }
        }
    }

    private static boolean pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
