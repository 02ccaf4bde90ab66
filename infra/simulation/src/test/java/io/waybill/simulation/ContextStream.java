package io.waybill.simulation;

import io.waybill.kernel.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;

/** A context's one stream: its own events, copies of foreign ones, and alarms that went off, in one order. */
final class ContextStream implements EventStorageEngine {

    /** @param source the context that told it; for an alarm the own one */
    record Entry(String source, EventMessage<?> message) {

        String id() {
            return message.getIdentifier();
        }

        Event event() {
            return (Event) message.getPayload();
        }
    }

    private final String context;
    private final Transactions transactions;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, List<DomainEventMessage<?>>> byAggregate = new HashMap<>();
    private Consumer<Entry> beforeCommit = entry -> {};

    ContextStream(String context, Transactions transactions) {
        this.context = context;
        this.transactions = transactions;
    }

    void beforeCommit(Consumer<Entry> tellToo) {
        beforeCommit = tellToo;
    }

    void clear() {
        entries.clear();
        byAggregate.clear();
    }

    List<Entry> entries() {
        return entries;
    }

    /** What happened to an aggregate of this context so far. */
    List<DomainEventMessage<?>> of(String aggregateId) {
        return byAggregate.getOrDefault(aggregateId, List.of());
    }

    Map<String, List<DomainEventMessage<?>>> aggregates() {
        return byAggregate;
    }

    boolean has(String aggregateId, Class<? extends Event> event) {
        for (DomainEventMessage<?> message : of(aggregateId)) {
            if (event.isInstance(message.getPayload())) {
                return true;
            }
        }
        return false;
    }

    void append(Entry entry) {
        entries.add(entry);
        transactions.onRollback(entries::removeLast);
    }

    @Override
    public void appendEvents(List<? extends EventMessage<?>> events) {
        for (EventMessage<?> event : events) {
            DomainEventMessage<?> happened = (DomainEventMessage<?>) event;
            List<DomainEventMessage<?>> before =
                    byAggregate.computeIfAbsent(happened.getAggregateIdentifier(), id -> new ArrayList<>());
            before.add(happened);
            transactions.onRollback(before::removeLast);
            Entry entry = new Entry(context, event);
            append(entry);
            beforeCommit.accept(entry);
        }
    }

    @Override
    public DomainEventStream readEvents(String aggregateIdentifier, long firstSequenceNumber) {
        List<DomainEventMessage<?>> all = of(aggregateIdentifier);
        return DomainEventStream.of(all.subList((int) Math.min(firstSequenceNumber, all.size()), all.size()));
    }

    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String aggregateIdentifier) {
        return Optional.empty();
    }

    @Override
    public void storeSnapshot(DomainEventMessage<?> snapshot) {
        throw new UnsupportedOperationException("there are no snapshots");
    }

    @Override
    public Stream<? extends TrackedEventMessage<?>> readEvents(@Nullable TrackingToken token, boolean mayBlock) {
        throw new UnsupportedOperationException("processors read the entries");
    }
}
