package io.waybill.messaging.processing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.kernel.Event;
import io.waybill.messaging.Deadlines;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Alarms in a table. One thread per process sleeps until the next is due, by the database's clock; taking an alarm off
 * the table and appending its event is one transaction, so that of several processes exactly one rings.
 */
final class PostgresDeadlines implements Deadlines, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresDeadlines.class);
    private static final int PAGE = 100;
    private static final long LONGEST_SLEEP = 1_000;

    private final JdbcClient jdbc;
    private final EventStorageEngine events;
    private final TransactionManager transactions;
    private final MessageCatalogue catalogue;
    private final ObjectMapper mapper;

    /** Alarms of other types, such as a newer release's, are left to processes that know them. */
    private final List<String> types;

    private final Semaphore armed = new Semaphore(0);
    private volatile @Nullable Thread bell;

    PostgresDeadlines(
            JdbcClient jdbc,
            EventStorageEngine events,
            TransactionManager transactions,
            MessageCatalogue catalogue,
            ObjectMapper mapper) {
        this.jdbc = jdbc;
        this.events = events;
        this.transactions = transactions;
        this.catalogue = catalogue;
        this.mapper = mapper;
        this.types = catalogue
                .types()
                .filter(type -> type.kind() == MessageType.Kind.INTERNAL_EVENT)
                .map(MessageType::qualifiedName)
                .toList();
    }

    @Override
    public void arm(String id, Duration in, Event event) {
        MessageType type = catalogue
                .ofPayload(event.getClass())
                .filter(known -> known.kind() == MessageType.Kind.INTERNAL_EVENT)
                .orElseThrow(() -> new IllegalArgumentException(
                        event.getClass().getName() + " is no internal event of context " + catalogue.context()));
        String payload = write(event);
        WriteBehind.write(() -> {
            jdbc.sql("""
                insert into deadline (id, due_at, type, payload)
                values (:id, clock_timestamp() + make_interval(secs => :seconds), :type, :payload)
                on conflict (id) do update
                   set due_at = excluded.due_at, type = excluded.type, payload = excluded.payload\
                """)
                    .param("id", id)
                    .param("seconds", in.toMillis() / 1000.0)
                    .param("type", type.qualifiedName())
                    .param("payload", payload)
                    .update();
            if (in.toMillis() < LONGEST_SLEEP) {
                wakeAfterCommit();
            }
        });
    }

    @Override
    public void disarm(String id) {
        WriteBehind.write(
                () -> jdbc.sql("delete from deadline where id = ?").param(id).update());
    }

    private void wakeAfterCommit() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            armed.release();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                armed.release();
            }
        });
    }

    @Override
    public void start() {
        Thread thread = new Thread(this::run, "deadlines");
        thread.setDaemon(true);
        bell = thread;
        thread.start();
    }

    @Override
    public void stop() {
        Thread thread = bell;
        bell = null;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return bell != null;
    }

    private void run() {
        while (Thread.currentThread() == bell) {
            try {
                long sleep = ringAndReturnPause();
                if (armed.tryAcquire(sleep, TimeUnit.MILLISECONDS)) {
                    armed.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("Deadlines cannot be read, trying again: {}", StreamProcessor.describe(e));
                if (!rest()) {
                    return;
                }
            }
        }
    }

    private static boolean rest() {
        try {
            TimeUnit.MILLISECONDS.sleep(LONGEST_SLEEP);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Rings all that are due; returns how long to sleep, in milliseconds. */
    private long ringAndReturnPause() {
        if (types.isEmpty()) {
            return LONGEST_SLEEP;
        }
        Double seconds = jdbc.sql("""
            select extract(epoch from min(due_at) - clock_timestamp())::float8
              from deadline where type in (:types)\
            """)
                .param("types", types)
                .query(Double.class)
                .optional()
                .orElse(null);
        if (seconds == null) {
            return LONGEST_SLEEP;
        }
        long millis = (long) Math.ceil(seconds * 1000);
        if (millis > 0) {
            return Math.min(millis, LONGEST_SLEEP);
        }
        transactions.executeInTransaction(this::ring);
        return 0;
    }

    private void ring() {
        List<EventMessage<?>> due = jdbc
                .sql("""
                    delete from deadline where id in (
                        select id from deadline
                         where due_at <= clock_timestamp() and type in (:types)
                         order by due_at limit :page for update skip locked)
                    returning type, payload\
                    """)
                .param("types", types)
                .param("page", PAGE)
                .query((row, nr) -> read(row.getString("type"), row.getString("payload")))
                .list()
                .stream()
                .<EventMessage<?>>map(GenericEventMessage::asEventMessage)
                .toList();
        events.appendEvents(due);
    }

    private String write(Event event) {
        try {
            return mapper.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(event.getClass().getName() + " cannot be written as JSON", e);
        }
    }

    private Object read(String type, String payload) {
        Class<?> known = catalogue
                .named(type)
                .orElseThrow(() -> new IllegalStateException("A deadline of the unknown type " + type + " is armed"))
                .payload();
        try {
            return mapper.readValue(payload, known);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An armed deadline of type " + type + " cannot be read", e);
        }
    }
}
