package io.waybill.messaging.waiting;

import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import io.waybill.messaging.processing.ProgressListener;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.waiting.ReadModels.Horizon;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Lets queries wait, within bounds, until their read model has seen a write. However many wait, one thread looks where
 * the read models stand: as soon as something has moved here or another process says so, otherwise ever more seldom.
 */
public final class ReadModelWaits implements ProgressListener, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ReadModelWaits.class);
    private static final long SHORTEST_PAUSE = 20;
    private static final long LONGEST_PAUSE = 200;
    private static final long SPACING = 2;

    private record Waiting(String processor, ConsistencyToken token, long deadline, CompletableFuture<Boolean> seen) {}

    private final ReadModels models;
    private final MessageCatalogue catalogue;
    private final Duration longest;
    private final int most;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final Semaphore signals = new Semaphore(0);
    private volatile @Nullable Thread watcher;

    ReadModelWaits(ReadModels models, MessageCatalogue catalogue, Duration longest, int most) {
        this.models = models;
        this.catalogue = catalogue;
        this.longest = longest;
        this.most = most;
    }

    public Duration longest() {
        return longest;
    }

    /** Whether a query that a read model answers would show what the token stands for, or never will. */
    public boolean hasSeen(String processor, ConsistencyToken token) {
        return hasSeen(processor, token, new HashMap<>());
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
        waiting.add(new Waiting(processor, token, System.nanoTime() + longest.toNanos(), seen));
        signals.release();
        return Optional.of(seen);
    }

    private boolean hasSeen(String processor, ConsistencyToken token, Map<String, Optional<Horizon>> horizons) {
        Optional<StreamPosition> place;
        if (token.context().equals(catalogue.context())) {
            place = Optional.of(token.written().place());
        } else if (isHeard(token)) {
            place = models.placeOf(
                    MessageCatalogue.source(token.context()), token.written().eventId());
        } else {
            return true;
        }
        return place.isPresent()
                && horizons.computeIfAbsent(processor, models::horizon)
                        .filter(horizon -> covers(horizon, processor, place.get()))
                        .isPresent();
    }

    private boolean covers(Horizon horizon, String processor, StreamPosition place) {
        return horizon.covers(place) && !(horizon.hasParked() && models.isParked(processor, place));
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
                answer();
                TimeUnit.MILLISECONDS.sleep(SPACING);
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopping");
        } finally {
            List.copyOf(waiting).forEach(waiter -> done(waiter, false));
        }
    }

    private void answer() {
        Map<String, Optional<Horizon>> horizons = new HashMap<>();
        boolean away = false;
        for (Waiting waiter : waiting) {
            boolean seen = false;
            try {
                seen = !away && hasSeen(waiter.processor(), waiter.token(), horizons);
            } catch (DataAccessException e) {
                LOG.debug("The database is away; who waits goes on waiting", e);
                away = true;
            }
            if (seen || System.nanoTime() > waiter.deadline()) {
                done(waiter, seen);
            }
        }
    }

    private void done(Waiting waiter, boolean seen) {
        if (waiting.remove(waiter)) {
            count.decrementAndGet();
            waiter.seen().complete(seen);
        }
    }
}
