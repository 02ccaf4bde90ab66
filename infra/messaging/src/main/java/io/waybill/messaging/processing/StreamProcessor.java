package io.waybill.messaging.processing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.waybill.messaging.logging.LoggedOrder;
import io.waybill.messaging.processing.ProcessorTokens.Beginner;
import io.waybill.messaging.processing.ProcessorTokens.Claim;
import io.waybill.messaging.processing.ProcessorTokens.Claimed;
import io.waybill.messaging.processing.ProcessorTokens.Progress;
import io.waybill.messaging.processing.ProgressListener.Moved;
import io.waybill.messaging.stream.EventStream;
import io.waybill.messaging.stream.StreamEntry;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.tracing.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.AbstractEventProcessor;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.lifecycle.Lifecycle;
import org.axonframework.lifecycle.Phase;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the stream's events to a group of Axon handlers: a thread per segment, batch by batch, each batch in one
 * transaction together with the segment's new position. A batch that fails is repeated event by event; an event that
 * keeps failing by itself is parked, in order per partition key, and the others go on. Failures of servers are waited
 * out, however long they last, and park nothing.
 *
 * <p>Axon's own pooled processor polls, backs off for up to a minute after a failure and knows no parking for sagas;
 * apart from that this one keeps to its contract (segments, replay tokens, interceptors, monitors).
 */
final class StreamProcessor extends AbstractEventProcessor implements Lifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(StreamProcessor.class);

    private static final Duration IDLE_WAIT = Duration.ofMillis(500);
    private static final int TRIES_BEFORE_PARKING = 3;
    private static final long SHORTEST_PAUSE = 50;
    private static final long LONGEST_PAUSE = 2_000;

    private final Parts parts;
    private final int segmentCount;
    private final Runnable beforeStart;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<Integer> failing = ConcurrentHashMap.newKeySet();
    private final Map<Integer, StreamPosition> places = new ConcurrentHashMap<>();
    private volatile boolean running;
    private volatile List<ProgressListener> listeners = List.of();

    /**
     * What all processors of a process share.
     *
     * @param onClaim is run when a segment has been claimed, which others may have worked on before
     */
    record Parts(
            EventStream stream,
            ProcessorTokens tokens,
            ParkedEvents parked,
            ProcessInstance instance,
            TransactionManager transactions,
            int batchSize,
            Tracing tracing,
            Runnable onClaim) {

        Parts untraced() {
            return new Parts(stream, tokens, parked, instance, transactions, batchSize, Tracing.off(), onClaim);
        }
    }

    /** @param beforeStart lays the places of all processors of this process, where they have none yet */
    StreamProcessor(String name, EventHandlerInvoker invoker, Parts parts, int segmentCount, Runnable beforeStart) {
        super(new Builder(name, invoker));
        this.parts = parts;
        this.segmentCount = segmentCount;
        this.beforeStart = beforeStart;
        registerHandlerInterceptor(
                (unit, chain) -> LoggedOrder.in(unit.getMessage().getPayload(), chain::proceed));
        registerHandlerInterceptor(this::traced);
    }

    /**
     * Handling an event is a span of the trace that the event was told in, until its batch is committed. A replay is
     * nobody's order any more.
     */
    private @Nullable Object traced(UnitOfWork<? extends EventMessage<?>> unit, InterceptorChain chain)
            throws Exception {
        EventMessage<?> message = unit.getMessage();
        Span span = ReplayToken.isReplay(message)
                ? Span.getInvalid()
                : parts.tracing()
                        .resume(
                                SpanKind.INTERNAL,
                                getName() + " " + message.getPayloadType().getSimpleName(),
                                message);
        if (!span.isRecording()) {
            return Tracing.within(span, chain::proceed);
        }
        parts.tracing().describe(span, message.getPayload());
        UnitOfWork<?> batch = unit.root();
        batch.onRollback(failed -> {
            Throwable cause = failed.getExecutionResult() == null
                    ? null
                    : failed.getExecutionResult().getExceptionResult();
            if (cause != null) {
                Tracing.failed(span, cause);
            }
        });
        batch.onCleanup(done -> span.end());
        Object result = Tracing.within(span, chain::proceed);
        span.addEvent("handled");
        return result;
    }

    Beginner beginner() {
        return new Beginner(getName(), segmentCount, supportsReset());
    }

    /** Axon starts and stops those that it asked for; the outbox, which it does not know, is a bean of its own. */
    @Override
    public void registerLifecycleHandlers(LifecycleRegistry lifecycle) {
        lifecycle.onStart(Phase.INBOUND_EVENT_CONNECTORS, this::start);
        lifecycle.onShutdown(Phase.INBOUND_EVENT_CONNECTORS, this::shutDown);
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        beforeStart.run();
        int segments = parts.tokens().segments(getName());
        int[] ids = java.util.stream.IntStream.range(0, segments).toArray();
        for (int id : ids) {
            Worker worker = new Worker(Segment.computeSegment(id, ids));
            Thread thread = new Thread(worker, getName() + "-" + id);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    @Override
    public synchronized void shutDown() {
        running = false;
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public boolean isError() {
        return !failing.isEmpty();
    }

    boolean handles(Class<?> payload) {
        return eventHandlerInvoker().canHandleType(payload);
    }

    /** These hear of everything that is done from now on. */
    void tell(List<ProgressListener> all) {
        listeners = all;
    }

    /** How far the segments have come that this process owns, stored or not. */
    Map<Integer, StreamPosition> places() {
        return Map.copyOf(places);
    }

    boolean supportsReset() {
        return eventHandlerInvoker().supportsReset();
    }

    /** Clears what the handlers keep, in the caller's transaction. */
    void clear() {
        eventHandlerInvoker().performReset();
    }

    /** The work on one segment. */
    private final class Worker implements Runnable {

        private final Segment segment;
        private final Set<String> parkedKeys = new HashSet<>();
        private long pause = SHORTEST_PAUSE;
        private long nextRetry;

        Worker(Segment segment) {
            this.segment = segment;
        }

        @Override
        public void run() {
            while (running) {
                Optional<Claimed> claimed = Optional.empty();
                try {
                    claimed = parts.tokens()
                            .claim(
                                    getName(),
                                    segment.getSegmentId(),
                                    parts.instance().id());
                    if (claimed.isPresent()) {
                        work(claimed.get());
                    } else {
                        leftToAnother();
                        TimeUnit.MILLISECONDS.sleep(LONGEST_PAUSE / 2);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                } catch (ClaimLostException e) {
                    LOG.info("{}", e.getMessage());
                } catch (Exception e) {
                    failed(e);
                    if (!pause()) {
                        break;
                    }
                }
            }
        }

        private void work(Claimed claimed) throws Exception {
            Claim claim = claimed.claim();
            Progress progress = claimed.progress();
            parts.onClaim().run();
            reloadParkedKeys();
            // One span for all of it: its events are nobody's orders any more.
            Span replay = progress.replayUntil() == null
                    ? Span.getInvalid()
                    : parts.tracing().begin(SpanKind.INTERNAL, "replay " + getName(), null);
            replay.setAttribute(Tracing.REPLAY, true);
            try {
                work(claim, progress, replay);
            } finally {
                places.remove(segment.getSegmentId());
                replay.end();
            }
        }

        private void work(Claim claim, Progress claimed, Span replay) throws Exception {
            Progress progress = claimed;
            Progress stored = progress;
            boolean replaying = progress.replayUntil() != null;
            long claimedAt = System.nanoTime();
            while (running) {
                places.put(segment.getSegmentId(), progress.position());
                EventStream.Page page = parts.stream().read(progress.position(), parts.batchSize(), IDLE_WAIT);
                Progress next = handle(claim, progress, page);
                if (next != null) {
                    stored = next;
                    progress = next;
                } else {
                    progress = progress.advancedTo(page.end());
                    boolean replayEnded = stored.replayUntil() != null && progress.replayUntil() == null;
                    if (replayEnded || (page.entries().isEmpty() && hasMoved(stored, progress))) {
                        store(claim, progress);
                        stored = progress;
                    }
                }
                tell(page, progress);
                if (replaying && progress.replayUntil() == null) {
                    replaying = false;
                    replay.end();
                }
                if (page.entries().isEmpty()) {
                    recovered();
                    requireStillOwned(claim, claimedAt);
                }
                retryParked(claim, progress);
            }
            parts.tokens().release(claim);
        }

        /** About read models only, after the commit, and never about a replay, whose events are no news. */
        private void tell(EventStream.Page page, Progress progress) {
            if (page.entries().isEmpty() || progress.replayUntil() != null || !supportsReset()) {
                return;
            }
            Set<String> keys = new HashSet<>();
            page.entries().forEach(entry -> keys.add(entry.row().partitionKey()));
            Moved moved = new Moved(getName(), segment.getMask() == 0, progress.position(), keys);
            listeners.forEach(listener -> listener.moved(moved));
        }

        private boolean hasMoved(Progress stored, Progress progress) {
            // A place that stands for no event need not be remembered.
            return progress.position().offset() != Long.MAX_VALUE
                    && !stored.position().equals(progress.position());
        }

        private void store(Claim claim, Progress progress) {
            parts.transactions().executeInTransaction(() -> parts.tokens().store(claim, progress));
        }

        /** An owner at rest writes nothing, so it looks whether it still is one. */
        private void requireStillOwned(Claim claim, long claimedAt) {
            // Within a lease the process has given a sign of life, and so read anew what it owns.
            boolean claimIsOld =
                    System.nanoTime() - claimedAt > parts.instance().lease().toNanos();
            if (claimIsOld && !parts.instance().owned().contains(claim)) {
                throw new ClaimLostException(getName(), segment.getSegmentId());
            }
        }

        /** Returns the progress that was stored with what was done; null where there was nothing to do. */
        private @Nullable Progress handle(Claim claim, Progress before, EventStream.Page page) throws Exception {
            List<StreamEntry> relevant = new ArrayList<>();
            for (StreamEntry entry : page.entries()) {
                if (isRelevant(entry)) {
                    relevant.add(entry);
                }
            }
            if (relevant.isEmpty()) {
                return null;
            }
            Progress after = before.advancedTo(page.end());
            try {
                inOneTransaction(claim, before, relevant, after);
                recovered();
                return after;
            } catch (ClaimLostException e) {
                throw e;
            } catch (Exception e) {
                if (TransientFailures.isTransient(e)) {
                    throw e;
                }
                LOG.debug("A batch of {} failed and is repeated event by event", getName(), e);
            }
            for (StreamEntry entry : relevant) {
                handleAlone(claim, before, entry);
            }
            store(claim, after);
            return after;
        }

        private boolean isRelevant(StreamEntry entry) throws Exception {
            for (TrackedEventMessage<?> message : entry.messages()) {
                if (canHandle(message, segment)) {
                    return true;
                }
            }
            return false;
        }

        private void inOneTransaction(Claim claim, Progress before, List<StreamEntry> entries, Progress after)
                throws Exception {
            List<StreamEntry> behindParked = new ArrayList<>();
            List<TrackedEventMessage<?>> messages = new ArrayList<>();
            for (StreamEntry entry : entries) {
                if (parkedKeys.contains(entry.row().partitionKey())) {
                    behindParked.add(entry);
                } else {
                    entry.messages().forEach(message -> messages.add(positioned(message, entry, before)));
                }
            }
            Runnable writes = () -> {
                behindParked.forEach(entry -> parts.parked()
                        .park(getName(), segment.getSegmentId(), entry, "waits behind an earlier parked event", 0));
                parts.tokens().store(claim, after);
            };
            if (messages.isEmpty()) {
                parts.transactions().executeInTransaction(writes);
            } else {
                process(messages, writes);
            }
        }

        private void process(List<TrackedEventMessage<?>> messages, Runnable writes) throws Exception {
            BatchingUnitOfWork<TrackedEventMessage<?>> unit = new BatchingUnitOfWork<>(messages);
            unit.attachTransaction(parts.transactions());
            unit.onCommit(committing -> writes.run());
            try {
                processInUnitOfWork(messages, unit, List.of(segment));
            } catch (Error e) {
                // A handler's class that cannot be loaded, say: it would end this thread, and nobody would notice.
                throw new IllegalStateException(e.toString(), e);
            }
        }

        private TrackedEventMessage<?> positioned(TrackedEventMessage<?> message, StreamEntry entry, Progress before) {
            StreamPosition until = before.replayUntil();
            return until != null && before.isReplay(entry.position())
                    ? message.withTrackingToken(ReplayToken.createReplayToken(until, entry.position()))
                    : message;
        }

        private void handleAlone(Claim claim, Progress before, StreamEntry entry) throws Exception {
            for (int attempt = 1; ; ) {
                try {
                    inOneTransaction(claim, before, List.of(entry), before.advancedTo(entry.position()));
                    return;
                } catch (ClaimLostException e) {
                    throw e;
                } catch (Exception e) {
                    if (TransientFailures.isTransient(e)) {
                        failed(e);
                        if (!pause()) {
                            throw new InterruptedException();
                        }
                    } else if (attempt++ == TRIES_BEFORE_PARKING) {
                        park(claim, before, entry, e);
                        return;
                    }
                }
            }
        }

        private void park(Claim claim, Progress before, StreamEntry entry, Exception cause) {
            // Before a word is said of it: what fails after the claim was lost, such as an update of a row that a
            // replay
            // has cleared meanwhile, is nobody's failure.
            parts.transactions().executeInTransaction(() -> {
                parts.parked().park(getName(), segment.getSegmentId(), entry, describe(cause), TRIES_BEFORE_PARKING);
                parts.tokens().store(claim, before.advancedTo(entry.position()));
            });
            parkedKeys.add(entry.row().partitionKey());
            LOG.error(
                    "{} cannot handle {} {} of {}; it is parked and later ones of the same key wait behind it",
                    getName(),
                    entry.row().type(),
                    entry.position(),
                    entry.row().partitionKey(),
                    cause);
        }

        private void reloadParkedKeys() {
            parkedKeys.clear();
            parkedKeys.addAll(parts.parked().partitionKeys(getName(), segment.getSegmentId()));
        }

        /** Tries parked events of this segment again; only the segment's owner does, so their order holds. */
        private void retryParked(Claim claim, Progress progress) throws Exception {
            if (parkedKeys.isEmpty() || System.nanoTime() < nextRetry) {
                return;
            }
            nextRetry = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            Optional<ParkedEvents.Parked> due = parts.parked().nextDue(getName(), segment.getSegmentId());
            while (running && due.isPresent()) {
                retry(due.get(), claim, progress);
                due = parts.parked().nextDue(getName(), segment.getSegmentId());
            }
            reloadParkedKeys();
        }

        private void retry(ParkedEvents.Parked parked, Claim claim, Progress progress) throws Exception {
            Runnable writes = () -> {
                parts.parked().done(parked.id());
                parts.tokens().store(claim, progress);
            };
            try {
                StreamEntry entry = parts.stream().at(parked.position());
                List<TrackedEventMessage<?>> messages = entry == null
                        ? List.of()
                        : entry.messages().stream()
                                .<TrackedEventMessage<?>>map(message -> positioned(message, entry, progress))
                                .toList();
                if (messages.isEmpty()) {
                    parts.transactions().executeInTransaction(writes);
                } else {
                    process(messages, writes);
                }
                LOG.info("{} handled the parked event {} of {}", getName(), parked.position(), parked.partitionKey());
                if (entry != null) {
                    tell(new EventStream.Page(List.of(entry), progress.position()), progress);
                }
            } catch (Exception e) {
                if (TransientFailures.isTransient(e)) {
                    throw e;
                }
                parts.transactions().executeInTransaction(() -> parts.parked().failedAgain(parked.id(), describe(e)));
            }
        }

        private void failed(Exception e) {
            if (failing.add(segment.getSegmentId())) {
                LOG.warn("{} is held up and tries again: {}", getName(), describe(e));
                LOG.debug("The cause", e);
            }
        }

        private void recovered() {
            pause = SHORTEST_PAUSE;
            if (failing.remove(segment.getSegmentId())) {
                LOG.info("{} goes on", getName());
            }
        }

        /** Whoever owns the segment now knows whether it is held up. */
        private void leftToAnother() {
            pause = SHORTEST_PAUSE;
            if (failing.remove(segment.getSegmentId())) {
                LOG.info("{} goes on in another process", getName());
            }
        }

        private boolean pause() {
            try {
                TimeUnit.MILLISECONDS.sleep(pause);
                pause = Math.min(pause * 2, LONGEST_PAUSE);
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    static String describe(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String text = root.getClass().getSimpleName() + ": " + root.getMessage();
        return text.length() <= 500 ? text : text.substring(0, 500);
    }

    private static final class Builder extends AbstractEventProcessor.Builder {

        Builder(String name, EventHandlerInvoker invoker) {
            name(name);
            eventHandlerInvoker(invoker);
            errorHandler(PropagatingErrorHandler.instance());
            rollbackConfiguration(RollbackConfigurationType.ANY_THROWABLE);
        }
    }
}
