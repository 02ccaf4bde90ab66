package io.waybill.simulation;

import io.waybill.kernel.Event;
import io.waybill.messaging.Deadlines;
import io.waybill.simulation.ContextStream.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.axonframework.eventhandling.GenericEventMessage;

/** A context's durable alarms on the virtual clock; one that is due becomes an event of the stream. */
final class Alarms implements Deadlines {

    /** From when on the saga takes it that the context itself was away. */
    private static final long NOTICEABLE = 2_000;

    private record Alarm(String id, long due, Event event) {}

    private final String context;
    private final ContextStream stream;
    private final VirtualClock clock;
    private final Tally tally;
    private final Table<Alarm> alarms;

    Alarms(String context, ContextStream stream, VirtualClock clock, Transactions transactions, Tally tally) {
        this.context = context;
        this.stream = stream;
        this.clock = clock;
        this.tally = tally;
        this.alarms = new Table<>(transactions);
    }

    @Override
    public void arm(String id, Duration in, Event event) {
        alarms.put(id, new Alarm(id, clock.in(in), event));
    }

    @Override
    public void disarm(String id) {
        alarms.remove(id);
    }

    boolean isArmed() {
        return !alarms.isEmpty();
    }

    void clear() {
        alarms.clear();
    }

    /** When the next rings that is not due yet. */
    long nextLater() {
        long next = Long.MAX_VALUE;
        for (Alarm alarm : alarms.rows()) {
            if (alarm.due() > clock.now()) {
                next = Math.min(next, alarm.due());
            }
        }
        return next;
    }

    boolean isDue() {
        for (Alarm alarm : alarms.rows()) {
            if (alarm.due() <= clock.now()) {
                return true;
            }
        }
        return false;
    }

    List<String> due() {
        List<String> due = new ArrayList<>();
        for (Alarm alarm : alarms.rows()) {
            if (alarm.due() <= clock.now()) {
                due.add(alarm.id());
            }
        }
        return due;
    }

    /** To be called in a transaction. */
    void ring(String id) {
        Alarm alarm = Objects.requireNonNull(alarms.get(id));
        alarms.remove(id);
        long late = clock.now() - alarm.due();
        if (late > NOTICEABLE) {
            tally.count("alarm missed");
        }
        stream.append(new Entry(context, new GenericEventMessage<>(alarm.event(), Map.of(LATE_MILLIS, late))));
    }
}
