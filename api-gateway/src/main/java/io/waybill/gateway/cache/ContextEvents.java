package io.waybill.gateway.cache;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Hears the events of the contexts through a queue that is this process' own and goes with its connection, and notes in
 * the store what they outdate. An event that cannot be noted counts as one that was missed.
 */
final class ContextEvents implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ContextEvents.class);

    private static final String POSITION = "cloudEvents:position";

    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private static final Duration LONGEST_NOTE = Duration.ofSeconds(2);

    private static final int TRIES = 3;

    private static final int PREFETCH = 200;

    private final ConnectionFactory connections;
    private final AnswerStore store;
    private final EventFeed feed;
    private final ObjectMapper json;
    private final String exchange;
    private final Counter events;
    private @Nullable ScheduledExecutorService keeper;
    private volatile @Nullable Channel channel;
    private boolean told;

    /** @param namespace the prefix of names at the broker, as the contexts have it; empty as a rule */
    ContextEvents(
            ConnectionFactory connections,
            AnswerStore store,
            EventFeed feed,
            ObjectMapper json,
            String namespace,
            MeterRegistry meters) {
        this.connections = connections;
        this.store = store;
        this.feed = feed;
        this.json = json;
        this.exchange = (namespace.isEmpty() ? "" : namespace + ".") + "waybill.events";
        this.events = meters.counter("waybill.cache.events");
        meters.gauge("waybill.cache.events.connected", feed, heard -> heard.isConnected() ? 1 : 0);
    }

    private void keepConnected() {
        var current = channel;
        if (current != null && current.isOpen()) {
            return;
        }
        try {
            connect();
            LOG.info("Events of the contexts are heard, products may be kept");
            told = false;
        } catch (IOException | AmqpException | ShutdownSignalException e) {
            feed.lost();
            if (!told) {
                LOG.warn(
                        "Events of the contexts are not heard, products are asked for anew each time: {}",
                        e.toString());
                told = true;
            }
        } catch (RuntimeException e) {
            feed.lost();
            if (!told) {
                // Nobody thought of this one, and yet it may be over the next time.
                LOG.error("Events of the contexts are not heard, products are asked for anew each time", e);
                told = true;
            }
        }
    }

    private void connect() throws IOException {
        // The bare connection: a channel of the pool would outlive its consumer.
        var bare = connections.createConnection().getDelegate();
        var fresh = bare == null ? null : bare.createChannel();
        if (fresh == null) {
            throw new IOException("the broker gives no channel");
        }
        try {
            listen(fresh);
        } catch (IOException | RuntimeException e) {
            fresh.abort();
            throw e;
        }
    }

    private void listen(Channel fresh) throws IOException {
        fresh.addShutdownListener(cause -> {
            // One that was given up long ago says nothing about its successor.
            if (fresh.equals(channel)) {
                feed.lost();
            }
        });
        // Whoever publishes declares it. Where it is not, this is the broker or the namespace of somebody else.
        fresh.exchangeDeclarePassive(exchange);
        var queue = "gateway.cache." + UUID.randomUUID();
        fresh.queueDeclare(queue, false, true, true, Map.of());
        for (var event : ProductTags.EVENTS) {
            fresh.queueBind(queue, exchange, event);
        }
        fresh.basicQos(PREFETCH);
        channel = fresh;
        var session = feed.lost();
        fresh.basicConsume(queue, false, new Listener(fresh));
        // The queue keeps whatever came since it was bound. A channel that has died until here had no successor yet, or
        // has changed the session.
        if (!fresh.isOpen() || !feed.connected(session)) {
            throw new IOException("the channel was lost while it was set up");
        }
    }

    private final class Listener extends DefaultConsumer {

        Listener(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body)
                throws IOException {
            events.increment();
            try {
                note(envelope.getRoutingKey(), properties, body);
                getChannel().basicAck(envelope.getDeliveryTag(), false);
            } catch (IOException | RuntimeException e) {
                // For all that is known now, anything may be outdated.
                feed.lost();
                LOG.warn("The event {} could not be noted: {}", envelope.getRoutingKey(), e.toString());
                getChannel().abort();
            }
        }

        @Override
        public void handleCancel(String tag) throws IOException {
            feed.lost();
            getChannel().abort();
        }
    }

    private void note(String event, BasicProperties properties, byte[] body) throws IOException {
        Set<String> tags = ProductTags.outdatedBy(event, json.readTree(body));
        var headers = properties.getHeaders();
        var text = headers == null ? null : headers.get(POSITION);
        var position = Position.parse(text == null ? null : text.toString());
        if (position == null) {
            // From a context of an older version: what is kept must be asked about.
            feed.forget();
            return;
        }
        store.outdate(tags, position).retry(TRIES - 1L).block(LONGEST_NOTE);
    }

    @Override
    public synchronized void start() {
        var threads = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("cache-events").factory());
        // Nobody waits for this.
        var unused =
                threads.scheduleWithFixedDelay(this::keepConnected, 0, RECONNECT.toMillis(), TimeUnit.MILLISECONDS);
        keeper = threads;
    }

    @Override
    public synchronized void stop() {
        if (keeper != null) {
            keeper.shutdownNow();
            keeper = null;
        }
        var current = channel;
        if (current != null && current.isOpen()) {
            try {
                current.abort();
            } catch (IOException e) {
                LOG.debug("The channel broke while it was closed", e);
            }
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return keeper != null;
    }
}
