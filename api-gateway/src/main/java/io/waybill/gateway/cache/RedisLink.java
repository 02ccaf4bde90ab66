package io.waybill.gateway.cache;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Mono;

/**
 * Asks Redis only while it answers. A command that takes too long fails; when several in a row did, nobody waits for
 * Redis any more until a probe in the background has had its answer.
 */
final class RedisLink implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    private static final int FAILURES_UNTIL_DOWN = 3;

    private static final Duration LONGEST_PROBE = Duration.ofSeconds(2);

    /** There is no use in asking. */
    static final class RedisAway extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RedisAway() {
            super("Redis is away", null, false, false);
        }
    }

    private final LettuceConnectionFactory connections;
    private final EventFeed feed;
    private final Duration timeout;
    private final Duration retry;
    private final Counter failures;
    private final AtomicInteger inARow = new AtomicInteger();
    private volatile boolean up;
    private boolean told;
    private @Nullable ScheduledExecutorService prober;

    RedisLink(LettuceConnectionFactory connections, EventFeed feed, CacheSettings settings, MeterRegistry meters) {
        this.connections = connections;
        this.feed = feed;
        this.timeout = settings.redisTimeout();
        this.retry = settings.redisRetry();
        this.failures = meters.counter("waybill.cache.redis.failures");
        meters.gauge("waybill.cache.redis.up", this, link -> link.up ? 1 : 0);
    }

    boolean isUp() {
        return up;
    }

    <T> Mono<T> call(Supplier<Mono<T>> command) {
        if (!up) {
            return Mono.error(RedisAway::new);
        }
        return Mono.defer(command)
                .timeout(timeout)
                .doOnSuccess(answer -> inARow.set(0))
                .doOnError(this::failed);
    }

    private void failed(Throwable error) {
        failures.increment();
        if (inARow.incrementAndGet() >= FAILURES_UNTIL_DOWN && up) {
            up = false;
            LOG.warn("Redis does not answer, requests go on without the cache: {}", error.toString());
        }
    }

    private void probe() {
        if (up) {
            return;
        }
        try {
            // The first connection is made here, so that no request ever waits for one.
            ReactiveRedisConnection connection = connections.getReactiveConnection();
            connection.ping().block(LONGEST_PROBE);
            inARow.set(0);
            up = true;
            told = false;
            LOG.info("Redis answers, the cache is in use");
        } catch (RuntimeException e) {
            // Whatever is wrong with it, it is tried again.
            if (!told) {
                LOG.warn("Redis is not there, requests go on without the cache: {}", e.toString());
                told = true;
            }
        }
    }

    /** Whoever comes back may be another Redis, or one that has lost the last events that were noted there. */
    private final class Doubts implements RedisConnectionStateListener {

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            feed.forget();
        }
    }

    @Override
    public synchronized void start() {
        connections.getRequiredNativeClient().addListener(new Doubts());
        var threads = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("cache-redis-probe").factory());
        // Whoever waits for a future of the probe would wait forever.
        var unused = threads.scheduleWithFixedDelay(this::probe, 0, retry.toMillis(), TimeUnit.MILLISECONDS);
        prober = threads;
    }

    @Override
    public synchronized void stop() {
        if (prober != null) {
            prober.shutdownNow();
            prober = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return prober != null;
    }
}
