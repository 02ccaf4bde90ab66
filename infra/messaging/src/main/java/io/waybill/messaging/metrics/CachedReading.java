package io.waybill.messaging.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer of a server for gauges. It is asked for when somebody looks, by a thread of its own and at most once in a
 * while; a server that is away or slow is not waited for, and then there is none.
 */
public final class CachedReading<T> {

    private static final Logger LOG = LoggerFactory.getLogger(CachedReading.class);

    /** Scrapers come every few seconds, and may be several. */
    static final Duration FRESH = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final String name;
    private final Callable<T> question;
    private final long freshNanos;
    private @Nullable FutureTask<T> asked;
    private long askedAt;

    /**
     * A reading that nobody has asked for yet.
     *
     * @param name of the thread that asks
     */
    public CachedReading(String name, Callable<T> question) {
        this(name, question, FRESH);
    }

    CachedReading(String name, Callable<T> question, Duration fresh) {
        this.name = name;
        this.question = question;
        this.freshNanos = fresh.toNanos();
    }

    /** A gauge that says whether the server answers at all, as one that has no answer is easily overlooked. */
    void reachable(String server, MeterRegistry registry) {
        Gauge.builder("waybill.server.reachable", this, reading -> reading.get().isPresent() ? 1 : 0)
                .description("1 while a server answers that nothing can be done without")
                .tag("server", server)
                .register(registry);
    }

    /** Empty where the server has not answered in time. */
    public Optional<T> get() {
        FutureTask<T> answer;
        long patience;
        synchronized (this) {
            answer = current();
            patience = PATIENCE.toNanos() - (System.nanoTime() - askedAt);
        }
        try {
            return Optional.of(answer.get(Math.max(0, patience), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            LOG.debug("No answer for {}", name, e);
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** One question at a time, however long it takes. */
    private FutureTask<T> current() {
        FutureTask<T> last = asked;
        if (last != null && (!last.isDone() || System.nanoTime() - askedAt < freshNanos)) {
            return last;
        }
        FutureTask<T> next = new FutureTask<>(question);
        asked = next;
        askedAt = System.nanoTime();
        Thread.ofPlatform().daemon().name(name).start(next);
        return next;
    }
}
