package io.waybill.messaging.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.Channel;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import io.waybill.messaging.processing.TransientFailures;
import io.waybill.messaging.stream.ForeignEvents;
import io.waybill.messaging.stream.ForeignEvents.ForeignEvent;
import io.waybill.messaging.stream.ReadingPace;
import io.waybill.messaging.tracing.Tracing;
import io.waybill.messaging.transport.CloudEvents.Envelope;
import io.waybill.messaging.transport.CloudEvents.Unreadable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.transaction.TransactionManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;
import org.springframework.context.SmartLifecycle;

/**
 * Takes other contexts' events into the own stream and does nothing else: whatever has arrived becomes one insert, at
 * once for a few in a row and at the reading pace of the stream where they come all the time, and once per source and
 * event id, and is acknowledged after the commit. What cannot be read is parked. While the database is away, deliveries
 * wait here unacknowledged, bounded by the prefetch count: those of a channel that is gone are dropped, for the broker
 * delivers them again.
 */
final class Inbox implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final int BATCH = 200;
    private static final int PREFETCH = 500;

    /** How long a stop waits for the batch under way. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private record Delivery(Message message, Channel channel) {
        long tag() {
            return message.getMessageProperties().getDeliveryTag();
        }
    }

    private final String queue;
    private final DirectMessageListenerContainer container;
    private final ForeignEvents stream;
    private final ParkedMessages parked;
    private final TransactionManager transactions;
    private final MessageCatalogue catalogue;
    private final ObjectMapper mapper;
    private final Tracing tracing;
    private final BlockingQueue<Delivery> arrived = new LinkedBlockingQueue<>();

    /** Only the worker looks at it. */
    private final ReadingPace pace = new ReadingPace();

    private volatile @Nullable Thread worker;

    /** The channel of the latest delivery. */
    private @Nullable Channel channel;

    Inbox(
            ConnectionFactory connections,
            String queue,
            ForeignEvents stream,
            ParkedMessages parked,
            TransactionManager transactions,
            MessageCatalogue catalogue,
            ObjectMapper mapper,
            Tracing tracing) {
        this.queue = queue;
        this.stream = stream;
        this.parked = parked;
        this.transactions = transactions;
        this.catalogue = catalogue;
        this.mapper = mapper;
        this.tracing = tracing;
        this.container = new DirectMessageListenerContainer(connections);
        container.setQueueNames(queue);
        container.setAcknowledgeMode(AcknowledgeMode.MANUAL);
        container.setPrefetchCount(PREFETCH);
        container.setConsumersPerQueue(1);
        container.setMissingQueuesFatal(false);
        container.setFailedDeclarationRetryInterval(1_000);
        container.setMonitorInterval(1_000);
        container.setMessageListener((ChannelAwareMessageListener) (message, channel) -> {
            if (channel != null) {
                arrived(new Delivery(message, channel));
            }
        });
    }

    private synchronized void arrived(Delivery delivery) {
        if (!delivery.channel().isOpen()) {
            return;
        }
        if (!delivery.channel().equals(channel)) {
            channel = delivery.channel();
            arrived.removeIf(waiting -> !waiting.channel().isOpen());
        }
        arrived.add(delivery);
    }

    /** How many deliveries wait to be taken in. */
    int waiting() {
        return arrived.size();
    }

    @Override
    public void start() {
        Thread thread = new Thread(this::run, queue);
        thread.setDaemon(true);
        worker = thread;
        thread.start();
        container.start();
    }

    /**
     * A batch that is being written is taken in and acknowledged first, for which its channel has to be open. What
     * still waits for others to come with it is delivered again.
     */
    @Override
    public void stop() {
        Thread thread = worker;
        worker = null;
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        container.stop();
    }

    @Override
    public boolean isRunning() {
        return worker != null;
    }

    private void run() {
        List<Delivery> batch = new ArrayList<>();
        while (Thread.currentThread() == worker) {
            try {
                batch.add(arrived.take());
                pace.await();
                arrived.drainTo(batch, BATCH - 1);
                takeIn(batch);
                acknowledge(batch);
                batch.clear();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void takeIn(List<Delivery> batch) throws InterruptedException {
        long pause = 50;
        boolean failing = false;
        while (true) {
            try {
                takeInOnce(batch);
                if (failing) {
                    LOG.info("{} goes on", queue);
                }
                return;
            } catch (RuntimeException e) {
                if (!failing) {
                    LOG.warn("{} is held up and tries again: {}", queue, e.getMessage());
                    failing = true;
                }
                TimeUnit.MILLISECONDS.sleep(pause);
                pause = Math.min(pause * 2, 2_000);
            }
        }
    }

    private void takeInOnce(List<Delivery> batch) {
        try {
            insert(batch);
        } catch (RuntimeException e) {
            if (TransientFailures.isTransient(e)) {
                throw e;
            }
            LOG.debug("A batch of {} failed and is repeated message by message", queue, e);
            batch.forEach(this::takeInAlone);
        }
    }

    private void takeInAlone(Delivery delivery) {
        try {
            insert(List.of(delivery));
        } catch (RuntimeException e) {
            if (TransientFailures.isTransient(e)) {
                throw e;
            }
            transactions.executeInTransaction(() -> park(delivery, String.valueOf(e.getMessage())));
        }
    }

    /** As spans that end with the commit: what the stream tells of a message follows from having received it. */
    private void insert(List<Delivery> batch) {
        List<Span> hops = new ArrayList<>();
        try {
            transactions.executeInTransaction(() -> insert(batch, hops));
        } catch (RuntimeException e) {
            hops.forEach(hop -> Tracing.failed(hop, e));
            throw e;
        } finally {
            hops.forEach(Span::end);
        }
    }

    private void insert(List<Delivery> batch, List<Span> hops) {
        List<ForeignEvent> events = new ArrayList<>();
        for (Delivery delivery : batch) {
            try {
                events.add(read(delivery.message(), hops));
            } catch (Unreadable e) {
                park(delivery, String.valueOf(e.getMessage()));
            }
        }
        stream.append(events);
    }

    private void park(Delivery delivery, String cause) {
        LOG.warn("A message from {} is parked: {}", queue, cause);
        parked.park(queue, delivery.message(), cause);
    }

    private ForeignEvent read(Message message, List<Span> hops) throws Unreadable {
        Envelope envelope = CloudEvents.fromMessage(message, catalogue, MessageType.Kind.FOREIGN_EVENT);
        MessageType type = requirePayload(envelope);
        Object sender = message.getMessageProperties().getHeaders().get(Tracing.TRACEPARENT);
        Span hop =
                tracing.resume(SpanKind.CONSUMER, "receive " + type.name(), sender == null ? null : sender.toString());
        Tracing.hop(tracing.describe(hop, envelope.type(), envelope.partitionKey()), envelope.id(), queue);
        hops.add(hop);
        return new ForeignEvent(
                envelope.source(),
                envelope.id(),
                envelope.type(),
                envelope.revision(),
                envelope.subject(),
                envelope.sequence(),
                envelope.partitionKey(),
                envelope.time(),
                envelope.body(),
                Tracing.contextOf(hop));
    }

    /** Older revisions pass through upcasters first, so only the current one can be decoded here. */
    private MessageType requirePayload(Envelope envelope) throws Unreadable {
        MessageType type = catalogue.named(envelope.type()).orElseThrow();
        try {
            JsonNode body = mapper.readTree(envelope.body());
            if (!body.isObject()) {
                throw new Unreadable("the body is no JSON object");
            }
            if (envelope.revision() == type.revision()) {
                mapper.treeToValue(body, type.payload());
            }
        } catch (JsonProcessingException e) {
            throw new Unreadable("the body is no " + type.name() + ": " + e.getOriginalMessage());
        }
        return type;
    }

    private static void acknowledge(List<Delivery> batch) {
        Map<Channel, Long> last = new LinkedHashMap<>();
        batch.forEach(delivery -> last.merge(delivery.channel(), delivery.tag(), Math::max));
        last.forEach((channel, tag) -> {
            try {
                channel.basicAck(tag, true);
            } catch (IOException | RuntimeException e) {
                // The connection went; the broker delivers them again and the insert finds them there.
                LOG.debug("Deliveries could not be acknowledged", e);
            }
        });
    }
}
