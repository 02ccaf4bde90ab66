package io.waybill.messaging.transport;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionListener;

/**
 * Says once that the broker cannot be reached, and once that it can again. Each of its users tries anew every few
 * seconds, and would say so with a stack trace each time; those logs are off.
 */
final class BrokerNews implements ConnectionListener {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerNews.class);

    private final AtomicBoolean away = new AtomicBoolean();

    @Override
    public void onFailed(Exception failure) {
        if (away.compareAndSet(false, true)) {
            LOG.warn(
                    "The broker cannot be reached; this process tries on, and is not ready meanwhile: {}",
                    told(failure));
        }
    }

    @Override
    public void onCreate(Connection connection) {
        if (away.compareAndSet(true, false)) {
            LOG.warn("The broker can be reached again");
        }
    }

    private static String told(Exception failure) {
        return String.valueOf(failure.getCause() == null ? failure : failure.getCause());
    }
}
