package io.waybill.gateway.limits;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.stereotype.Component;

/**
 * Opens the connection to Redis before anything is asked of it: opening it blocks, which no request may. Once it is
 * open, the driver keeps it so.
 */
@Component
final class RedisLink implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    private final ReactiveRedisConnectionFactory redis;
    private final Duration pause;
    private volatile boolean open;
    private volatile boolean running;

    RedisLink(ReactiveRedisConnectionFactory redis, LimitSettings settings) {
        this.redis = redis;
        this.pause = settings.probe();
    }

    boolean isOpen() {
        return open;
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
        if (open) {
            LOG.info("Redis can be reached; limits hold across all gateways");
        }
    }

    private boolean opens() {
        try {
            redis.getReactiveConnection().closeLater().block(Duration.ofSeconds(5));
            open = true;
        } catch (DataAccessException e) {
            LOG.debug("Redis cannot be reached", e);
        }
        return open;
    }
}
