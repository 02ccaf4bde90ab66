package io.waybill.messaging.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.HashMap;
import java.util.Map;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.QueueInformation;

/** How many messages wait at the broker for this context; NaN while it is away. */
final class QueueGauges implements MeterBinder {

    private final OwnQueues queues;
    private final CachedReading<Map<String, Integer>> depths;

    QueueGauges(OwnQueues queues, AmqpAdmin broker) {
        this.queues = queues;
        this.depths = new CachedReading<>("metrics-queues", () -> depths(queues, broker));
    }

    private static Map<String, Integer> depths(OwnQueues queues, AmqpAdmin broker) {
        Map<String, Integer> found = new HashMap<>();
        for (String queue : queues.names()) {
            QueueInformation information = broker.getQueueInfo(queue);
            if (information != null) {
                found.put(queue, information.getMessageCount());
            }
        }
        return found;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        depths.reachable("broker", registry);
        for (String queue : queues.names()) {
            Gauge.builder(
                            "waybill.queue.depth",
                            depths,
                            reading -> reading.get()
                                    .map(all -> all.get(queue))
                                    .map(Integer::doubleValue)
                                    .orElse(Double.NaN))
                    .description("messages that wait in a queue of the broker")
                    .baseUnit("messages")
                    .tag("queue", queue)
                    .register(registry);
        }
    }
}
