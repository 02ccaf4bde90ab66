package io.waybill.messaging.processing;

import io.waybill.messaging.metrics.ProcessorPlaces;
import io.waybill.messaging.stream.StreamPosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventProcessor;
import org.jspecify.annotations.Nullable;

/** The stream processors of this process: made for Axon, watched and set back by operators. */
public final class Processors implements ProcessorPlaces {

    /** What stands against a replay. */
    public enum Refusal {
        UNKNOWN_PROCESSOR,
        NOT_REPLAYABLE,
        NOT_SAFE_TO_REAPPLY,
        NOTHING_TO_REPLAY
    }

    /**
     * A segment of a processor, for people.
     *
     * @param position the place it has handled, as {@code <transaction id>:<position>}
     * @param lag how many events of the stream stand behind that place; not all need concern it; counted up to
     *     {@value ProcessorTokens#MOST_COUNTED}, which stands for as many or more
     * @param replaying how many events the running replay has still to go, counted likewise; null where none runs
     */
    public record ProcessorStatus(
            String context,
            String name,
            int segment,
            String position,
            long lag,
            boolean running,
            boolean replayable,
            boolean error,
            @Nullable Long replaying) {}

    /** A parked event, for people. */
    public record ParkedEvent(
            String context,
            String id,
            String processor,
            String partitionKey,
            String position,
            String cause,
            int attempts,
            Instant parkedAt,
            @Nullable Instant nextTryAt) {}

    /** Clearing can deadlock with a batch in flight, which PostgreSQL then resolves in favour of one of them. */
    private static final int CLEARING_TRIES = 5;

    private final String context;
    private final StreamProcessor.Parts parts;
    private final Map<String, Integer> segments;
    private final Map<String, StreamProcessor> byName = new ConcurrentHashMap<>();
    private final List<ProgressListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Boolean> safeToReapply = new ConcurrentHashMap<>();

    Processors(String context, StreamProcessor.Parts parts, Map<String, Integer> segments) {
        this.context = context;
        this.parts = parts;
        this.segments = segments;
    }

    /** Makes the processor of a processing group. */
    public EventProcessor create(String name, EventHandlerInvoker invoker) {
        return create(name, invoker, parts);
    }

    /** Makes the processor of a group that shows in traces by itself what it does. */
    public EventProcessor createUntraced(String name, EventHandlerInvoker invoker) {
        return create(name, invoker, parts.untraced());
    }

    private EventProcessor create(String name, EventHandlerInvoker invoker, StreamProcessor.Parts with) {
        StreamProcessor processor =
                new StreamProcessor(name, invoker, with, segments.getOrDefault(name, 1), this::layPlaces);
        byName.put(name, processor);
        processor.tell(listeners);
        return processor;
    }

    /** For all at once: those that begin together must not take each other for older ones. */
    private void layPlaces() {
        List<ProcessorTokens.Beginner> all =
                byName.values().stream().map(StreamProcessor::beginner).toList();
        parts.transactions().executeInTransaction(() -> parts.tokens().initialise(all, parts.stream()::head));
    }

    /** Hears of the progress of every projection of this process. */
    public void onProgress(ProgressListener listener) {
        listeners.add(listener);
    }

    /** Whether the processor draws a read model, which acts on nothing but its own tables. */
    public boolean isProjection(String name) {
        StreamProcessor processor = byName.get(name);
        return processor != null && processor.supportsReset();
    }

    /** Whether the processor does something with messages of this type; yes for one that is not known here. */
    public boolean handles(String name, Class<?> payload) {
        StreamProcessor processor = byName.get(name);
        return processor == null || processor.handles(payload);
    }

    @Override
    public Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    @Override
    public List<Place> here() {
        List<Place> here = new ArrayList<>();
        byName.forEach((name, processor) -> processor
                .places()
                .forEach((segment, at) -> here.add(new Place(name, segment, at.transactionId(), at.offset()))));
        return here;
    }

    void declareSafeToReapply(String name) {
        safeToReapply.put(name, true);
    }

    /** Whether a replay has not yet brought all of a processor back to where it was; in whichever process it runs. */
    public boolean isReplaying(String name) {
        return parts.tokens().isReplaying(name);
    }

    public List<ProcessorStatus> statuses() {
        return parts.tokens().statuses().stream().map(this::status).toList();
    }

    private ProcessorStatus status(ProcessorTokens.Status status) {
        StreamProcessor local = byName.get(status.processor());
        return new ProcessorStatus(
                context,
                status.processor(),
                status.segment(),
                status.progress().position().toString(),
                status.behind(),
                status.owned(),
                local != null && local.supportsReset(),
                local != null && local.isError(),
                status.progress().replayUntil() == null ? null : status.replayRemaining());
    }

    /**
     * Clears a projection and hands it the whole stream again, wherever its segments run. Their owners lose their
     * claims first, so that no unfinished batch can commit into the cleared tables.
     *
     * @return what stands against it; null where it began
     */
    public @Nullable Refusal replayFromStart(String name) {
        StreamProcessor processor = byName.get(name);
        if (processor == null) {
            return Refusal.UNKNOWN_PROCESSOR;
        }
        if (!processor.supportsReset()) {
            return Refusal.NOT_REPLAYABLE;
        }
        // Owners that are in the middle of a batch notice this at its end, and give up instead of waiting for the rest.
        parts.transactions().executeInTransaction(() -> parts.tokens().revoke(name));
        for (int attempt = 1; ; attempt++) {
            try {
                parts.transactions().executeInTransaction(() -> clearAndRewind(name, processor));
                return null;
            } catch (RuntimeException e) {
                if (attempt == CLEARING_TRIES || !TransientFailures.isTransient(e)) {
                    throw e;
                }
            }
        }
    }

    private void clearAndRewind(String name, StreamProcessor processor) {
        // Holds the tokens' rows from here on: whoever claimed in between can no longer store a position.
        parts.tokens().revoke(name);
        parts.parked().discardAll(name);
        processor.clear();
        parts.tokens().rewind(name, StreamPosition.START);
    }

    /**
     * Hands a projection the events behind a place again, without clearing it.
     *
     * @return what stands against it, for example that no segment has come beyond that place; null where it began
     */
    public @Nullable Refusal replayFrom(String name, StreamPosition from) {
        StreamProcessor processor = byName.get(name);
        if (processor == null) {
            return Refusal.UNKNOWN_PROCESSOR;
        }
        if (!processor.supportsReset()) {
            return Refusal.NOT_REPLAYABLE;
        }
        if (!safeToReapply.containsKey(name)) {
            return Refusal.NOT_SAFE_TO_REAPPLY;
        }
        boolean rewound =
                parts.transactions().fetchInTransaction(() -> parts.tokens().rewind(name, from));
        return rewound ? null : Refusal.NOTHING_TO_REPLAY;
    }

    /**
     * Parked events in the order in which they were parked.
     *
     * @param after the id of the last one known; 0 for the beginning
     */
    public List<ParkedEvent> parked(long after, int limit) {
        List<ParkedEvent> found = new ArrayList<>();
        for (ParkedEvents.Parked parked : parts.parked().list(after, limit)) {
            found.add(new ParkedEvent(
                    context,
                    Long.toString(parked.id()),
                    parked.processor(),
                    parked.partitionKey(),
                    parked.position().toString(),
                    parked.cause(),
                    parked.attempts(),
                    parked.parkedAt(),
                    parked.nextTryAt()));
        }
        return found;
    }

    public boolean retryParked(long id) {
        return parts.parked().retryNow(id);
    }

    public boolean discardParked(long id) {
        return parts.parked().discard(id);
    }
}
