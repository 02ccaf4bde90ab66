package io.waybill.simulation;

import io.waybill.kernel.Event;
import io.waybill.shipping.api.ShipmentDispatched;
import io.waybill.simulation.ContextStream.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.CommandMessage;

/**
 * Keeps everything until it is acknowledged, and delivers at least once. Commands come in any order; events of one
 * context about one order come in the order in which they were published, among those of all others anyhow.
 */
final class Broker {

    record Outgoing(String to, CommandMessage<?> command) {}

    record Sent(CommandMessage<?> command, long arrival) {}

    record Told(Entry entry, long arrival) {}

    private final Faults faults;
    private final VirtualClock clock;
    private final Map<String, List<Sent>> commands = new HashMap<>();
    private final Map<String, Map<String, Deque<Told>>> events = new HashMap<>();

    Broker(Faults faults, VirtualClock clock) {
        this.faults = faults;
        this.clock = clock;
    }

    void clear() {
        commands.values().forEach(List::clear);
        events.values().forEach(Map::clear);
    }

    List<Sent> commandsFor(String context) {
        return commands.computeIfAbsent(context, name -> new ArrayList<>());
    }

    /** The events on their way to a context, a lane for each source and order. */
    Map<String, Deque<Told>> eventsFor(String context) {
        return events.computeIfAbsent(context, name -> new LinkedHashMap<>());
    }

    /** When the next message arrives that has not yet. */
    long nextLater() {
        long next = Long.MAX_VALUE;
        for (List<Sent> queue : commands.values()) {
            for (Sent sent : queue) {
                if (sent.arrival() > clock.now()) {
                    next = Math.min(next, sent.arrival());
                }
            }
        }
        for (Map<String, Deque<Told>> lanes : events.values()) {
            for (Deque<Told> lane : lanes.values()) {
                if (!lane.isEmpty() && lane.getFirst().arrival() > clock.now()) {
                    next = Math.min(next, lane.getFirst().arrival());
                }
            }
        }
        return next;
    }

    /** @throws NotConfirmed if not all of them have arrived for certain */
    void publishCommands(List<Outgoing> batch) {
        for (Outgoing outgoing : batch) {
            mayLose();
            deliver(outgoing);
            mayGoUnconfirmed();
        }
        if (!batch.isEmpty()) {
            faults.mayCrash(CrashPoint.AFTER_PUBLISHING);
        }
    }

    private void deliver(Outgoing outgoing) {
        CommandMessage<?> command = outgoing.command();
        if (faults.choices().chance(faults.knobs().parked())) {
            faults.tally.count("parked");
            faults.note(() -> "  " + command.getPayload() + " is parked for good");
            return;
        }
        List<Sent> queue = commandsFor(outgoing.to());
        queue.add(new Sent(command, faults.arrival(clock.now())));
        if (faults.choices().chance(faults.knobs().duplicate())) {
            faults.tally.count("duplicated");
            queue.add(new Sent(command, faults.arrival(clock.now())));
        }
    }

    void publishEvents(List<Entry> batch) {
        for (Entry entry : batch) {
            mayLose();
            tell(entry);
            mayGoUnconfirmed();
        }
        if (!batch.isEmpty()) {
            faults.mayCrash(CrashPoint.AFTER_PUBLISHING);
        }
    }

    void tell(Entry entry) {
        if (!entry.source().equals("order")) {
            tell("order", entry);
        }
        if (entry.event() instanceof ShipmentDispatched) {
            tell("inventory", entry);
        }
    }

    private void tell(String context, Entry entry) {
        enqueue(context, new Told(entry, faults.arrival(clock.now())));
    }

    /** A delivery that comes once more, after the others. */
    void enqueue(String context, Told told) {
        Event event = told.entry().event();
        eventsFor(context)
                .computeIfAbsent(told.entry().source() + "/" + event.partitionKey(), lane -> new ArrayDeque<>())
                .add(told);
    }

    private void mayLose() {
        if (faults.choices().chance(faults.knobs().unconfirmed())) {
            faults.tally.count("dropped");
            throw new NotConfirmed();
        }
    }

    private void mayGoUnconfirmed() {
        if (faults.choices().chance(faults.knobs().unconfirmed())) {
            faults.tally.count("unconfirmed");
            throw new NotConfirmed();
        }
    }
}
