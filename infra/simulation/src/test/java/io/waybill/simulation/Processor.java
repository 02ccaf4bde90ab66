package io.waybill.simulation;

import io.waybill.simulation.ContextStream.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;

/** Hands the events of a stream to handlers, some at a time, and stores its place with what they write. */
final class Processor {

    private static final int LARGEST_BATCH = 4;

    private final String name;
    private final EventHandlerInvoker handlers;
    private final ContextStream stream;
    private final Transactions transactions;
    private final Faults faults;
    private final Table<Integer> place;
    private final Map<Class<?>, Boolean> interests = new HashMap<>();

    Processor(
            String name, EventHandlerInvoker handlers, ContextStream stream, Transactions transactions, Faults faults) {
        this.name = name;
        this.handlers = handlers;
        this.stream = stream;
        this.transactions = transactions;
        this.faults = faults;
        this.place = new Table<>(transactions);
    }

    void clear() {
        place.clear();
    }

    String name() {
        return name;
    }

    /** Passes by what is of no interest, and says whether there is something that is. */
    boolean isReady() {
        List<Entry> entries = stream.entries();
        int from = place.getOr(name, 0);
        int next = from;
        while (next < entries.size() && !isOfInterest(entries.get(next))) {
            next++;
        }
        if (next > from) {
            place.put(name, next);
        }
        return next < entries.size();
    }

    private boolean isOfInterest(Entry entry) {
        return interests.computeIfAbsent(
                entry.message().getPayloadType(), type -> handlers.canHandle(entry.message(), Segment.ROOT_SEGMENT));
    }

    void handleSome() throws Exception {
        List<Entry> entries = stream.entries();
        int from = place.getOr(name, 0);
        int to = Math.min(entries.size(), from + 1 + faults.choices().below(LARGEST_BATCH));
        List<EventMessage<?>> messages = new ArrayList<>();
        for (Entry entry : entries.subList(from, to)) {
            if (isOfInterest(entry)) {
                messages.add(entry.message());
            }
        }
        faults.note(() -> name + " handles "
                + messages.stream()
                        .map(message -> message.getPayload().toString())
                        .toList());
        if (faults.has(Defect.STORES_ITS_PLACE_FIRST)) {
            place.put(name, to);
        }
        try {
            handle(messages, to);
        } catch (NotConfirmed e) {
            if (faults.has(Defect.SWALLOWS_ERRORS_OF_THE_SAGA)) {
                place.put(name, to);
            }
            throw e;
        }
    }

    private void handle(List<EventMessage<?>> messages, int to) throws Exception {
        BatchingUnitOfWork<EventMessage<?>> unit = new BatchingUnitOfWork<>(messages);
        unit.attachTransaction(transactions);
        unit.onCommit(committing -> place.put(name, to));
        ResultMessage<?> result = unit.executeWithResult(
                () -> {
                    handlers.handle(unit.getMessage(), Segment.ROOT_SEGMENT);
                    return true;
                },
                RollbackConfigurationType.ANY_THROWABLE);
        if (result.isExceptional()) {
            throw result.exceptionResult() instanceof Exception failure
                    ? failure
                    : new IllegalStateException(result.exceptionResult());
        }
    }
}
