package io.waybill.messaging.waiting;

import io.waybill.messaging.processing.ProgressListener;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.waiting.ReadModels.Horizon;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Tells those who wait for news of one thing, such as an order, that a read model may show it differently now. What a
 * change costs does not depend on how many wait for other things. Changes of this process are heard directly, those of
 * others from the {@link UpdateExchange}; below both, a look at the stream from time to time finds what got lost.
 */
public final class ReadModelNews implements ProgressListener, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ReadModelNews.class);

    private record Topic(String processor, String key) {}

    /** One of those who listen; the same code may listen twice. */
    private static final class Listener {

        private final Runnable news;

        Listener(Runnable news) {
            this.news = news;
        }

        void tell() {
            news.run();
        }
    }

    /** Ends the listening. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {

        @Override
        void close();
    }

    private final ReadModels models;
    private final Duration reread;
    private final Map<Topic, Set<Listener>> listeners = new ConcurrentHashMap<>();
    private final Map<String, StreamPosition> looked = new ConcurrentHashMap<>();
    private volatile @Nullable ScheduledExecutorService net;

    ReadModelNews(ReadModels models, Duration reread) {
        this.models = models;
        this.reread = reread;
    }

    /**
     * Listens until the subscription is closed. Whoever reads after this has returned misses nothing.
     *
     * @param processor the processor that draws the read model
     * @param key the partition key of the events, for example an order's id
     * @param news is run on the teller's thread, so it must neither wait nor throw; it may be run without need
     */
    public Subscription listen(String processor, String key, Runnable news) {
        Topic topic = new Topic(processor, key);
        Listener listener = new Listener(news);
        listeners.compute(topic, (same, present) -> {
            Set<Listener> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(listener);
            return all;
        });
        return () -> listeners.computeIfPresent(topic, (same, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
    }

    @Override
    public void moved(Moved moved) {
        tell(moved.processor(), moved.keys());
    }

    void tell(String processor, Set<String> keys) {
        if (!listeners.isEmpty()) {
            keys.forEach(key ->
                    listeners.getOrDefault(new Topic(processor, key), Set.of()).forEach(Listener::tell));
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "read-model-news");
            thread.setDaemon(true);
            return thread;
        });
        var unused = executor.scheduleWithFixedDelay(
                this::look, reread.toMillis(), reread.toMillis(), TimeUnit.MILLISECONDS);
        net = executor;
    }

    @Override
    public void stop() {
        ScheduledExecutorService executor = net;
        net = null;
        if (executor != null) {
            executor.shutdownNow();
        }
    }

    @Override
    public boolean isRunning() {
        return net != null;
    }

    private void look() {
        try {
            listeners.keySet().stream().map(Topic::processor).distinct().forEach(this::look);
        } catch (DataAccessException e) {
            LOG.debug("The database is away; the next look finds what happened", e);
        }
    }

    private void look(String processor) {
        Optional<Horizon> horizon = models.horizon(processor);
        if (horizon.isEmpty()) {
            return;
        }
        StreamPosition now = horizon.get().stored();
        StreamPosition before = looked.get(processor);
        if (now.equals(before)) {
            return;
        }
        Set<String> keys = listeners.keySet().stream()
                .filter(topic -> topic.processor().equals(processor))
                .map(Topic::key)
                .collect(Collectors.toUnmodifiableSet());
        boolean drawnAnew = before != null && now.compareTo(before) < 0;
        tell(processor, before == null || drawnAnew ? keys : models.moved(keys, before, now));
        // Only now: a look that failed is repeated.
        looked.put(processor, now);
    }
}
