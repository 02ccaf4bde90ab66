package io.waybill.messaging.waiting;

import io.waybill.messaging.processing.Processors;
import io.waybill.messaging.processing.ProgressListener;
import io.waybill.messaging.transport.Topology;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.context.SmartLifecycle;

/**
 * Tells the other processes of the context what the read models drawn here have taken in, and hears it from them
 * through a queue of this process alone. The messages are hints that name keys and nothing else: they are not stored,
 * not confirmed, and given up while the broker is away, because whoever waits also looks by itself from time to time.
 */
final class UpdateExchange implements ProgressListener, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(UpdateExchange.class);

    /** How many batches wait to be told, and how many keys fit into a message. */
    private static final int KEPT = 1_000;

    private static final int KEYS = 200;
    private static final int LARGEST_BODY = 64 * 1024;
    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern KEY = Pattern.compile("[!-~]{1,200}");

    /** What a message says: who tells it, which read model has moved, and for which keys. */
    record Update(String instance, String processor, Set<String> keys) {

        Update {
            keys = Set.copyOf(keys);
        }

        byte[] body() {
            return String.join("\n", instance, processor, String.join("\n", keys))
                    .getBytes(StandardCharsets.UTF_8);
        }

        /** Nothing where the body is none that {@link #body()} could have made. */
        static Optional<Update> parse(byte[] body) {
            if (body.length > LARGEST_BODY) {
                return Optional.empty();
            }
            List<String> lines = List.of(new String(body, StandardCharsets.UTF_8).split("\n", -1));
            if (lines.size() < 3 || lines.size() > KEYS + 2) {
                return Optional.empty();
            }
            List<String> keys = lines.subList(2, lines.size());
            boolean wellFormed = INSTANCE.matcher(lines.get(0)).matches()
                    && keys.stream().allMatch(key -> KEY.matcher(key).matches());
            return wellFormed
                    ? Optional.of(new Update(lines.get(0), lines.get(1), new HashSet<>(keys)))
                    : Optional.empty();
        }
    }

    private final String instance;
    private final String context;
    private final Topology topology;
    private final Processors processors;
    private final RabbitTemplate broker;
    private final ReadModelNews news;
    private final ReadModelWaits waits;
    private final DirectMessageListenerContainer container;
    private final BlockingQueue<Moved> pending = new ArrayBlockingQueue<>(KEPT);
    private volatile @Nullable Thread teller;

    UpdateExchange(
            String instance,
            String context,
            Topology topology,
            Processors processors,
            ConnectionFactory connections,
            ReadModelNews news,
            ReadModelWaits waits) {
        this.instance = instance;
        this.context = context;
        this.topology = topology;
        this.processors = processors;
        this.broker = new RabbitTemplate(connections);
        this.news = news;
        this.waits = waits;
        this.container = new DirectMessageListenerContainer(connections);
        container.setQueueNames(queue(topology, context, instance));
        container.setAcknowledgeMode(AcknowledgeMode.NONE);
        container.setConsumersPerQueue(1);
        container.setMissingQueuesFatal(false);
        container.setFailedDeclarationRetryInterval(1_000);
        container.setMonitorInterval(1_000);
        container.setMessageListener(this::hear);
    }

    static String queue(Topology topology, String context, String instance) {
        return topology.namespace() + context + ".updates." + instance;
    }

    @Override
    public void moved(Moved moved) {
        if (processors.isProjection(moved.processor()) && !pending.offer(moved)) {
            LOG.debug("More updates than can be told; those who wait elsewhere find them by themselves");
        }
    }

    @Override
    public void start() {
        Thread thread = new Thread(this::tell, "read-model-updates");
        thread.setDaemon(true);
        teller = thread;
        thread.start();
        container.start();
    }

    @Override
    public void stop() {
        Thread thread = teller;
        teller = null;
        if (thread != null) {
            thread.interrupt();
        }
        container.stop();
    }

    @Override
    public boolean isRunning() {
        return teller != null;
    }

    private void tell() {
        List<Moved> drained = new ArrayList<>();
        try {
            while (Thread.currentThread() == teller) {
                drained.add(pending.take());
                pending.drainTo(drained);
                tell(drained);
                drained.clear();
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopping");
        }
    }

    private void tell(List<Moved> all) throws InterruptedException {
        Map<String, Set<String>> keys = new HashMap<>();
        all.forEach(moved ->
                keys.computeIfAbsent(moved.processor(), same -> new HashSet<>()).addAll(moved.keys()));
        try {
            keys.forEach(this::send);
        } catch (AmqpException e) {
            LOG.debug("Other processes cannot be told of updates; they find them by themselves", e);
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private void send(String processor, Set<String> keys) {
        List<String> all =
                keys.stream().filter(key -> KEY.matcher(key).matches()).toList();
        for (int from = 0; from < all.size(); from += KEYS) {
            Set<String> part = Set.copyOf(all.subList(from, Math.min(from + KEYS, all.size())));
            Message message = MessageBuilder.withBody(new Update(instance, processor, part).body())
                    .setContentType("text/plain")
                    .setDeliveryMode(MessageDeliveryMode.NON_PERSISTENT)
                    .build();
            broker.send(topology.updateExchange(), context, message);
        }
    }

    private void hear(Message message) {
        Optional<Update> update = Update.parse(message.getBody());
        if (update.isEmpty() || !processors.isProjection(update.get().processor())) {
            LOG.debug("A message that is no update is passed by");
            return;
        }
        if (!update.get().instance().equals(instance)) {
            waits.wake();
            news.tell(update.get().processor(), update.get().keys());
        }
    }
}
