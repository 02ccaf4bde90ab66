package io.waybill.messaging.stream;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The stream as its readers see it. One thread per process reads the end of the stream, as soon as an append in this
 * JVM has committed, another process' notice arrives, or the safety poll is due, and keeps the newest entries in
 * memory; readers that are further behind read from the database themselves. All reads are ordered by (transaction id,
 * position) and end below the snapshot's xmin, so that an event of a transaction that commits late is never passed by.
 */
public final class EventStream implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** How many entries stay in memory for the readers at the end of the stream. */
    private static final int KEPT = 4_000;

    private static final int PAGE = 500;
    private static final Duration LONGEST_PAUSE_WHILE_UNSETTLED = Duration.ofMillis(20);

    private final JdbcTemplate jdbc;
    private final EventDecoder decoder;
    private final Duration safetyPoll;
    private final ReadingPace pace = new ReadingPace();
    private final Semaphore signals = new Semaphore(0);
    private final List<Runnable> appendListeners = new CopyOnWriteArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final TreeMap<StreamPosition, StreamEntry> newest = new TreeMap<>();

    /** Everything settled behind this place is in {@code newest}. */
    private @Nullable StreamPosition floor;

    private volatile @Nullable Thread reader;

    public EventStream(JdbcTemplate jdbc, Serializer serializer, EventUpcaster upcasters, Duration safetyPoll) {
        this.jdbc = jdbc;
        this.decoder = new EventDecoder(serializer, upcasters);
        this.safetyPoll = safetyPoll;
    }

    /** Wakes the readers: something may have been appended. */
    public void signal() {
        signals.release();
    }

    /**
     * Calls the readers and the listeners of appends once the current transaction has committed; at once without one.
     */
    void signalAfterCommit() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            appended();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                appended();
            }
        });
    }

    void onAppend(Runnable listener) {
        appendListeners.add(listener);
    }

    private void appended() {
        signal();
        appendListeners.forEach(Runnable::run);
    }

    /**
     * Entries that stand behind a place, in order.
     *
     * @param entries none where nothing came in time
     * @param end the place of the last of them; where there is none, a place up to which nothing was missed
     */
    public record Page(List<StreamEntry> entries, StreamPosition end) {}

    /**
     * Reads what stands behind a place; waits for something where there is nothing.
     *
     * @param max the most entries to return
     * @param wait how long to wait for the first
     */
    public Page read(StreamPosition after, int max, Duration wait) throws InterruptedException {
        StreamPosition from = after;
        long nanos = wait.toNanos();
        while (true) {
            StreamPosition floorBefore;
            lock.lockInterruptibly();
            try {
                while (floor != null && from.compareTo(floor) >= 0) {
                    List<StreamEntry> found = newest.tailMap(from, false).values().stream()
                            .limit(max)
                            .toList();
                    if (!found.isEmpty() || nanos <= 0) {
                        return page(found, from);
                    }
                    nanos = arrived.awaitNanos(nanos);
                }
                floorBefore = floor;
            } finally {
                lock.unlock();
            }
            List<StreamRow> rows = select(from, max);
            if (!rows.isEmpty()) {
                return page(rows.stream().map(decoder::decode).toList(), from);
            }
            if (floorBefore != null) {
                // All up to the floor was settled before the database was asked, so nothing stands in between.
                from = floorBefore;
            } else if (nanos <= 0) {
                return page(List.of(), from);
            } else {
                nanos = awaitFloor(nanos);
            }
        }
    }

    private static Page page(List<StreamEntry> entries, StreamPosition from) {
        return new Page(
                entries,
                entries.isEmpty() ? from : entries.get(entries.size() - 1).position());
    }

    private long awaitFloor(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (floor == null && left > 0) {
                left = arrived.awaitNanos(left);
            }
            return left;
        } finally {
            lock.unlock();
        }
    }

    /** One entry by its place, decoded anew. */
    public @Nullable StreamEntry at(StreamPosition place) {
        List<StreamEntry> found = jdbc.query(
                "select " + StreamRow.COLUMNS + " from event_stream where position = ?",
                (row, nr) -> decoder.decode(StreamRow.read(row)),
                place.offset());
        return found.isEmpty() ? null : found.get(0);
    }

    /** Behind the newest event that can be read now. */
    public StreamPosition head() {
        List<StreamPosition> found = jdbc.query("""
            select transaction_id::text::bigint as transaction_number, position
              from event_stream
             where transaction_id < pg_snapshot_xmin(pg_current_snapshot())
             order by transaction_id desc, position desc
             limit 1\
            """, (row, nr) -> new StreamPosition(row.getLong(1), row.getLong(2)));
        return found.isEmpty() ? StreamPosition.START : found.get(0);
    }

    List<StreamRow> select(StreamPosition after, int max) {
        return fetch(after, max).stream()
                .filter(Fetched::settled)
                .map(Fetched::row)
                .toList();
    }

    @Override
    public void start() {
        Thread thread = new Thread(this::run, "event-stream");
        thread.setDaemon(true);
        reader = thread;
        thread.start();
    }

    @Override
    public void stop() {
        Thread thread = reader;
        reader = null;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return reader != null;
    }

    /** Before everything that reads, and stopped after it. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 1000;
    }

    private void run() {
        boolean failing = false;
        StreamPosition last = null;
        long pauseMillis = 1;
        while (Thread.currentThread() == reader) {
            try {
                if (last == null) {
                    last = beginAtOldestRunningTransaction();
                }
                pace.await();
                signals.drainPermits();
                List<Fetched> fetched = fetch(last, PAGE);
                List<StreamEntry> settled = fetched.stream()
                        .filter(Fetched::settled)
                        .map(found -> decoder.decode(found.row()))
                        .toList();
                if (!settled.isEmpty()) {
                    last = settled.get(settled.size() - 1).position();
                    keep(settled);
                }
                if (failing) {
                    LOG.info("The event stream can be read again");
                    failing = false;
                }
                if (settled.size() == PAGE) {
                    continue;
                }
                boolean unsettled = settled.size() < fetched.size();
                pauseMillis = unsettled && settled.isEmpty()
                        ? Math.min(pauseMillis * 2, LONGEST_PAUSE_WHILE_UNSETTLED.toMillis())
                        : 1;
                awaitSignal(unsettled ? pauseMillis : safetyPoll.toMillis());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // The database, or an upcaster: all readers depend on this thread, so it never ends by itself.
                if (!failing) {
                    LOG.warn("The event stream cannot be read, trying again: {}", e.toString());
                    LOG.debug("The cause", e);
                    failing = true;
                }
                if (!pauseAfterFailure()) {
                    return;
                }
            }
        }
    }

    private void awaitSignal(long millis) throws InterruptedException {
        if (signals.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            signals.drainPermits();
        }
    }

    private static boolean pauseAfterFailure() {
        try {
            TimeUnit.MILLISECONDS.sleep(250);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whatever is not yet settled has a transaction id of at least xmin, so memory is complete from there on. */
    private StreamPosition beginAtOldestRunningTransaction() {
        Long xmin = jdbc.queryForObject("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint", Long.class);
        if (xmin == null) {
            throw new IllegalStateException("PostgreSQL named no snapshot");
        }
        StreamPosition begin = new StreamPosition(xmin - 1, Long.MAX_VALUE);
        lock.lock();
        try {
            floor = begin;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        return begin;
    }

    private void keep(List<StreamEntry> entries) {
        lock.lock();
        try {
            entries.forEach(entry -> newest.put(entry.position(), entry));
            while (newest.size() > KEPT) {
                floor = newest.pollFirstEntry().getKey();
            }
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private record Fetched(StreamRow row, boolean settled) {}

    private List<Fetched> fetch(StreamPosition after, int max) {
        return jdbc.query(
                "select " + StreamRow.COLUMNS + """
                    , transaction_id < pg_snapshot_xmin(pg_current_snapshot()) as settled
                     from event_stream
                    where (transaction_id, position) > (?::text::xid8, ?)
                    order by transaction_id, position
                    limit ?\
                    """,
                EventStream::fetched,
                Long.toString(after.transactionId()),
                after.offset(),
                max);
    }

    private static Fetched fetched(ResultSet row, int nr) throws SQLException {
        return new Fetched(StreamRow.read(row), row.getBoolean("settled"));
    }
}
