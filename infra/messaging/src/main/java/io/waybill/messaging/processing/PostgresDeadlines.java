package io.waybill.messaging.processing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.waybill.kernel.Event;
import io.waybill.messaging.Deadlines;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import io.waybill.messaging.metrics.MessagingMeters;
import io.waybill.messaging.stream.OwnEvents;
import io.waybill.messaging.stream.OwnEvents.OwnEvent;
import io.waybill.messaging.tracing.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.axonframework.common.IdentifierFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.GenericEventMessage;
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

    private record Alarm(
            String id,
            String type,
            int revision,
            String subject,
            String partitionKey,
            String payload,
            @Nullable String traceparent,
            long lateMillis) {}

    private static final String CHANGES = PostgresDeadlines.class.getName();

    private record Arming(
            Duration in,
            String type,
            int revision,
            String subject,
            String partitionKey,
            String payload,
            @Nullable String traceparent) {}

    /** @param arming null where the alarm is to be taken off the table */
    private record Change(String id, @Nullable Arming arming) {}

    private final JdbcClient jdbc;
    private final OwnEvents events;
    private final TransactionManager transactions;
    private final MessageCatalogue catalogue;
    private final ObjectMapper mapper;
    private final Tracing tracing;
    private final MessagingMeters meters;

    /** Alarms of other types or newer revisions, such as a newer release's, are left to processes that know them. */
    private final String[] types;

    private final Integer[] revisions;

    private final Semaphore armed = new Semaphore(0);
    private volatile @Nullable Thread bell;

    PostgresDeadlines(
            JdbcClient jdbc,
            OwnEvents events,
            TransactionManager transactions,
            MessageCatalogue catalogue,
            ObjectMapper mapper,
            Tracing tracing,
            MessagingMeters meters) {
        this.jdbc = jdbc;
        this.events = events;
        this.transactions = transactions;
        this.catalogue = catalogue;
        this.mapper = mapper;
        this.tracing = tracing;
        this.meters = meters;
        List<MessageType> known = catalogue
                .types()
                .filter(type -> type.kind() == MessageType.Kind.INTERNAL_EVENT)
                .toList();
        known.forEach(type -> meters.expectDeadline(type.qualifiedName()));
        this.types = known.stream().map(MessageType::qualifiedName).toArray(String[]::new);
        this.revisions = known.stream().map(MessageType::revision).toArray(Integer[]::new);
    }

    @Override
    public void arm(String id, Duration in, Event event) {
        MessageType type = catalogue
                .ofPayload(event.getClass())
                .filter(known -> known.kind() == MessageType.Kind.INTERNAL_EVENT)
                .orElseThrow(() -> new IllegalArgumentException(
                        event.getClass().getName() + " is no internal event of context " + catalogue.context()));
        WriteBehind.write(
                CHANGES,
                new Change(
                        id,
                        new Arming(
                                in,
                                type.qualifiedName(),
                                type.revision(),
                                event.subject(),
                                event.partitionKey(),
                                write(event),
                                tracing.current())),
                this::store);
    }

    @Override
    public void disarm(String id) {
        WriteBehind.write(CHANGES, new Change(id, null), this::store);
    }

    /** Of several changes of one alarm, the last counts. */
    private void store(List<Change> changes) {
        Map<String, Change> last = new LinkedHashMap<>();
        changes.forEach(change -> last.put(change.id(), change));
        String[] disarmed = last.values().stream()
                .filter(change -> change.arming() == null)
                .map(Change::id)
                .toArray(String[]::new);
        if (disarmed.length > 0) {
            jdbc.sql("delete from deadline where id = any (:ids)")
                    .param("ids", disarmed)
                    .update();
        }
        Map<String, Arming> armed = new LinkedHashMap<>();
        last.forEach((id, change) -> {
            if (change.arming() != null) {
                armed.put(id, change.arming());
            }
        });
        if (!armed.isEmpty()) {
            arm(armed);
        }
    }

    private void arm(Map<String, Arming> alarms) {
        jdbc.sql("""
            insert into deadline (id, due_at, type, revision, subject, partition_key, payload, traceparent)
            select id, clock_timestamp() + make_interval(secs => seconds), type, revision, subject, partition_key,
                   payload, traceparent
              from unnest(:ids::text[], :seconds::float8[], :types::text[], :revisions::integer[], :subjects::text[],
                          :keys::text[], :payloads::text[], :traceparents::text[])
                   as alarm (id, seconds, type, revision, subject, partition_key, payload, traceparent)
            on conflict (id) do update
               set due_at = excluded.due_at, type = excluded.type, revision = excluded.revision,
                   subject = excluded.subject, partition_key = excluded.partition_key,
                   payload = excluded.payload, traceparent = excluded.traceparent\
            """)
                .param("ids", alarms.keySet().toArray(String[]::new))
                .param("seconds", column(alarms, alarm -> alarm.in().toMillis() / 1000.0, Double[]::new))
                .param("types", column(alarms, Arming::type, String[]::new))
                .param("revisions", column(alarms, Arming::revision, Integer[]::new))
                .param("subjects", column(alarms, Arming::subject, String[]::new))
                .param("keys", column(alarms, Arming::partitionKey, String[]::new))
                .param("payloads", column(alarms, Arming::payload, String[]::new))
                .param("traceparents", column(alarms, Arming::traceparent, String[]::new))
                .update();
        if (alarms.values().stream().anyMatch(alarm -> alarm.in().toMillis() < LONGEST_SLEEP)) {
            wakeAfterCommit();
        }
    }

    private static <T> T[] column(
            Map<String, Arming> alarms, Function<Arming, @Nullable T> field, IntFunction<T[]> array) {
        return alarms.values().stream().map(field).toArray(array);
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
        if (types.length == 0) {
            return LONGEST_SLEEP;
        }
        Double seconds = jdbc.sql("""
            select extract(epoch from min(due_at) - clock_timestamp())::float8
              from deadline
              join unnest(:types::text[], :revisions::integer[]) as known (name, newest)
                on type = name and revision <= newest\
            """)
                .param("types", types)
                .param("revisions", revisions)
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
        transactions.fetchInTransaction(this::ring).forEach(meters::deadlineFired);
        return 0;
    }

    /** Returns the types of what has rung. */
    private List<String> ring() {
        List<Alarm> due = jdbc.sql("""
            delete from deadline where id in (
                select id from deadline
                  join unnest(:types::text[], :revisions::integer[]) as known (name, newest)
                    on type = name and revision <= newest
                 where due_at <= clock_timestamp()
                 order by due_at limit :page for update of deadline skip locked)
            returning id, type, revision, subject, partition_key, payload, traceparent,
                      (extract(epoch from clock_timestamp() - due_at) * 1000)::bigint as late_millis\
            """)
                .param("types", types)
                .param("revisions", revisions)
                .param("page", PAGE)
                .query((row, nr) -> new Alarm(
                        row.getString("id"),
                        row.getString("type"),
                        row.getInt("revision"),
                        row.getString("subject"),
                        row.getString("partition_key"),
                        row.getString("payload"),
                        row.getString("traceparent"),
                        row.getLong("late_millis")))
                .list();
        List<OwnEvent> rung = new ArrayList<>();
        for (Alarm alarm : due) {
            try {
                requireReadable(alarm);
                rung.add(event(alarm));
            } catch (JsonProcessingException e) {
                LOG.error("The deadline {} of type {} cannot be read and waits", alarm.id(), alarm.type(), e);
                postpone(alarm);
            }
        }
        events.append(rung);
        return rung.stream().map(OwnEvent::type).toList();
    }

    /** Hours may have passed, so what follows is a trace of its own, with a link to where the alarm was set. */
    private OwnEvent event(Alarm alarm) {
        Span span = tracing.begin(
                SpanKind.INTERNAL,
                "deadline " + alarm.type().substring(alarm.type().lastIndexOf('.') + 1),
                alarm.traceparent());
        tracing.describe(span, alarm.type(), alarm.partitionKey());
        span.end();
        return new OwnEvent(
                IdentifierFactory.getInstance().generateIdentifier(),
                alarm.type(),
                alarm.revision(),
                alarm.subject(),
                alarm.partitionKey(),
                GenericEventMessage.clock.instant(),
                alarm.payload(),
                metadata(Math.max(0, alarm.lateMillis()), Tracing.contextOf(span)));
    }

    /** A trace context consists of hexadecimal digits and hyphens. */
    private static String metadata(long lateMillis, @Nullable String traceparent) {
        String late = "\"" + LATE_MILLIS + "\":" + lateMillis;
        return traceparent == null
                ? "{" + late + "}"
                : "{" + late + ",\"" + Tracing.TRACEPARENT + "\":\"" + traceparent + "\"}";
    }

    /** Keeps one that this release cannot read for one that can; the others ring. */
    private void postpone(Alarm alarm) {
        jdbc.sql("""
            insert into deadline (id, due_at, type, revision, subject, partition_key, payload, traceparent)
            values (?, clock_timestamp() + interval '5 minutes', ?, ?, ?, ?, ?, ?)\
            """)
                .params(
                        alarm.id(),
                        alarm.type(),
                        alarm.revision(),
                        alarm.subject(),
                        alarm.partitionKey(),
                        alarm.payload(),
                        alarm.traceparent())
                .update();
    }

    private String write(Event event) {
        try {
            return mapper.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(event.getClass().getName() + " cannot be written as JSON", e);
        }
    }

    /** Older revisions pass through the stream's upcasters first, so only the current one can be decoded here. */
    private void requireReadable(Alarm alarm) throws JsonProcessingException {
        MessageType known = catalogue
                .named(alarm.type())
                .orElseThrow(() ->
                        new IllegalStateException("A deadline of the unknown type " + alarm.type() + " is armed"));
        if (alarm.revision() == known.revision()) {
            mapper.readValue(alarm.payload(), known.payload());
        }
    }
}
