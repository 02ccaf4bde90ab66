package io.waybill.gateway.limits;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.stereotype.Component;

/**
 * The limiter's own connection to Redis, spoken to without Spring's templates, which cost more than the answer. It is
 * opened before anything is asked of it: opening it blocks, which no request may. Once it is open, the driver keeps it
 * so.
 */
@Component
final class RedisLink implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    private final LettuceConnectionFactory redis;
    private final Duration pause;
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile boolean running;

    RedisLink(LettuceConnectionFactory redis, LimitSettings settings) {
        this.redis = redis;
        this.pause = settings.probe();
    }

    boolean isOpen() {
        return connection != null;
    }

    RedisAsyncCommands<String, String> commands() {
        return Objects.requireNonNull(connection).async();
    }

    /** Before the web server, so that a gateway which starts beside a living Redis never decides alone. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 4096;
    }

    @Override
    public void start() {
        running = true;
        if (!opens()) {
            LOG.warn("Redis cannot be reached; this gateway grants its share of the limits until it can");
            Thread.ofVirtual().name("redis-link").start(this::keepTrying);
        }
    }

    @Override
    public void stop() {
        running = false;
        var open = connection;
        if (open != null) {
            connection = null;
            open.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void keepTrying() {
        try {
            do {
                Thread.sleep(pause);
            } while (running && !opens());
        } catch (InterruptedException e) {
            LOG.debug("Interrupted, stopping", e);
        }
        if (isOpen()) {
            LOG.info("Redis can be reached; limits hold across all gateways");
        }
    }

    private boolean opens() {
        try {
            // The driver's client knows the address and the password from the settings.
            connection = ((RedisClient) redis.getRequiredNativeClient()).connect();
        } catch (RedisException e) {
            LOG.debug("Redis cannot be reached", e);
        }
        return isOpen();
    }
}
