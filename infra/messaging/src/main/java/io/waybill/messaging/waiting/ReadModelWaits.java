package io.waybill.messaging.waiting;

import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import io.waybill.messaging.processing.ProgressListener;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.waiting.ReadModels.Foreign;
import io.waybill.messaging.waiting.ReadModels.Horizon;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Lets requests wait, within bounds, until their read model has seen a write. However many wait, one thread looks where
 * the read models stand, with a few queries for all: as soon as something has moved here or another process says so,
 * otherwise ever more seldom. Nobody's time depends on how those looks go.
 */
public final class ReadModelWaits implements ProgressListener, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ReadModelWaits.class);
    private static final long SHORTEST_PAUSE = 20;
    private static final long LONGEST_PAUSE = 200;
    private static final long SPACING = 2;

    /** What somebody waits for; many may wait for the same. */
    private record Wish(String processor, ConsistencyToken token) {}

    private record Waiting(Wish wish, CompletableFuture<Boolean> seen) {}

    private final ReadModels models;
    private final MessageCatalogue catalogue;
    private final Duration longest;
    private final int most;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final Semaphore signals = new Semaphore(0);
    private volatile @Nullable Thread watcher;
    /** The watcher's own. */
    private boolean failing;

    ReadModelWaits(ReadModels models, MessageCatalogue catalogue, Duration longest, int most) {
        this.models = models;
        this.catalogue = catalogue;
        this.longest = longest;
        this.most = most;
    }

    public Duration longest() {
        return longest;
    }

    /** Whether what a read model answers would show what the token stands for, or never will. */
    public boolean hasSeen(String processor, ConsistencyToken token) {
        Wish wish = new Wish(processor, token);
        return fulfilled(Set.of(wish)).contains(wish);
    }

    /**
     * Waits for that.
     *
     * @return whether it came in time; nothing where too many wait already
     */
    public Optional<CompletableFuture<Boolean>> await(String processor, ConsistencyToken token) {
        if (watcher == null || count.incrementAndGet() > most) {
            count.decrementAndGet();
            return Optional.empty();
        }
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        Waiting waiter = new Waiting(new Wish(processor, token), seen);
        waiting.add(waiter);
        var unused = seen.whenComplete((inTime, failure) -> {
            waiting.remove(waiter);
            count.decrementAndGet();
        });
        signals.release();
        return Optional.of(seen.completeOnTimeout(false, longest.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Which of these are there, or never will be. */
    private Set<Wish> fulfilled(Set<Wish> wishes) {
        Map<Foreign, StreamPosition> copies = copies(wishes);
        Set<Wish> fulfilled = new HashSet<>();
        Map<String, Map<Wish, StreamPosition>> placed = new HashMap<>();
        for (Wish wish : wishes) {
            ConsistencyToken token = wish.token();
            boolean own = token.context().equals(catalogue.context());
            if (!own && !isHeard(token)) {
                fulfilled.add(wish);
                continue;
            }
            StreamPosition place = own ? token.written().place() : copies.get(foreign(token));
            if (place != null) {
                placed.computeIfAbsent(wish.processor(), none -> new HashMap<>())
                        .put(wish, place);
            }
        }
        placed.forEach((processor, places) -> fulfilled.addAll(covered(processor, places)));
        return fulfilled;
    }

    private Map<Foreign, StreamPosition> copies(Set<Wish> wishes) {
        Set<Foreign> heard = wishes.stream()
                .map(Wish::token)
                .filter(token -> !token.context().equals(catalogue.context()) && isHeard(token))
                .map(ReadModelWaits::foreign)
                .collect(Collectors.toUnmodifiableSet());
        return heard.isEmpty() ? Map.of() : models.placesOf(heard);
    }

    private static Foreign foreign(ConsistencyToken token) {
        return new Foreign(
                MessageCatalogue.source(token.context()), token.written().eventId());
    }

    private Set<Wish> covered(String processor, Map<Wish, StreamPosition> places) {
        Optional<Horizon> horizon = models.horizon(processor);
        if (horizon.isEmpty()) {
            return Set.of();
        }
        Map<Wish, StreamPosition> covered = new HashMap<>(places);
        covered.values().removeIf(place -> !horizon.get().covers(place));
        if (horizon.get().hasParked() && !covered.isEmpty()) {
            covered.values().removeAll(models.parkedAt(Set.copyOf(covered.values()), processor));
        }
        return covered.keySet();
    }

    private boolean isHeard(ConsistencyToken token) {
        return catalogue
                .named(token.written().type())
                .filter(type -> type.kind() == MessageType.Kind.FOREIGN_EVENT)
                .filter(type -> type.context().equals(token.context()))
                .isPresent();
    }

    @Override
    public void moved(Moved moved) {
        wake();
    }

    void wake() {
        if (!waiting.isEmpty()) {
            signals.release();
        }
    }

    @Override
    public void start() {
        Thread thread = new Thread(this::watch, "read-model-waits");
        thread.setDaemon(true);
        watcher = thread;
        thread.start();
    }

    @Override
    public void stop() {
        Thread thread = watcher;
        watcher = null;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return watcher != null;
    }

    private void watch() {
        long pause = SHORTEST_PAUSE;
        try {
            while (Thread.currentThread() == watcher) {
                if (waiting.isEmpty()) {
                    signals.acquire();
                    pause = SHORTEST_PAUSE;
                } else if (signals.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
                    pause = SHORTEST_PAUSE;
                } else {
                    pause = Math.min(pause * 2, LONGEST_PAUSE);
                }
                signals.drainPermits();
                look();
                TimeUnit.MILLISECONDS.sleep(SPACING);
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopping");
        } finally {
            List.copyOf(waiting).forEach(waiter -> waiter.seen().complete(false));
        }
    }

    /** Whatever goes wrong with one look, the next may go well, and nobody else looks. */
    private void look() {
        try {
            answer();
            failing = false;
        } catch (DataAccessException e) {
            LOG.debug("The database is away; who waits goes on waiting", e);
        } catch (RuntimeException e) {
            if (failing) {
                LOG.debug("Still, nobody sees where the read models stand", e);
            } else {
                LOG.error("Nobody sees where the read models stand; who waits goes on waiting", e);
            }
            failing = true;
        }
    }

    private void answer() {
        List<Waiting> all = List.copyOf(waiting);
        if (all.isEmpty()) {
            return;
        }
        Set<Wish> fulfilled = fulfilled(all.stream().map(Waiting::wish).collect(Collectors.toUnmodifiableSet()));
        all.stream()
                .filter(waiter -> fulfilled.contains(waiter.wish()))
                .forEach(waiter -> waiter.seen().complete(true));
    }
}
