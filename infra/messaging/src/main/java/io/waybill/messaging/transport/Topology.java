package io.waybill.messaging.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.TopicExchange;

/**
 * All exchanges, queues and bindings of the system. Every process declares all of them before it publishes, so that a
 * context that has never run yet misses nothing.
 *
 * @param namespace a prefix of all names; empty as a rule
 * @param queueType RabbitMQ's {@code x-queue-type}
 * @param queueExpiry after how long without a consumer the queues go away, with all that is in them; null for never
 */
public record Topology(
        String namespace, String queueType, @Nullable Duration queueExpiry) {

    /**
     * So many deliveries that no outage uses them up: a limit there must be, because RabbitMQ 4 drops a message after
     * 20 without one, and because a quorum queue puts what comes back at its head only where there is one. It is not
     * -1, which RabbitMQ 4 takes for none: RabbitMQ 3 then drops whatever comes back.
     */
    private static final int DELIVERY_LIMIT = 1_000_000_000;

    private static final List<String> CONTEXTS = List.of("order", "payment", "inventory", "shipping");

    /** Which events each context hears; patterns of a topic exchange. */
    private static final Map<String, List<String>> SUBSCRIPTIONS = Map.of(
            "order", List.of("payment.*", "inventory.*", "shipping.*"),
            "inventory", List.of("shipping.shipment-dispatched"));

    public String eventExchange() {
        return namespace + "waybill.events";
    }

    public String commandExchange() {
        return namespace + "waybill.commands";
    }

    /** Where processes tell others of their context, by its name as routing key, how far its read models have come. */
    public String updateExchange() {
        return namespace + "waybill.updates";
    }

    /** The queue and routing key of a context's commands. */
    public String commandQueue(String context) {
        return namespace + context + ".commands";
    }

    /** The queue of the foreign events that a context's stream takes in. */
    public String inbox(String context) {
        return namespace + context + ".inbox";
    }

    public boolean hasInbox(String context) {
        return SUBSCRIPTIONS.containsKey(context);
    }

    /** Whether any context hears this event, so that the broker must be able to route it. */
    public boolean isHeard(String routingKey) {
        return SUBSCRIPTIONS.values().stream()
                .flatMap(List::stream)
                .anyMatch(pattern -> pattern.equals(routingKey)
                        || (pattern.endsWith(".*")
                                && routingKey.startsWith(pattern.substring(0, pattern.length() - 1))));
    }

    Declarables declarables() {
        TopicExchange events = new TopicExchange(eventExchange(), true, false);
        DirectExchange commands = new DirectExchange(commandExchange(), true, false);
        DirectExchange updates = new DirectExchange(updateExchange(), true, false);
        List<Declarable> all = new ArrayList<>(List.of(events, commands, updates));
        for (String context : CONTEXTS) {
            Queue queue = queue(commandQueue(context)).build();
            all.add(queue);
            all.add(BindingBuilder.bind(queue).to(commands).with(commandQueue(context)));
        }
        new LinkedHashMap<>(SUBSCRIPTIONS).forEach((context, patterns) -> {
            // One consumer at a time, so that the events of an order are taken in as they were told.
            Queue queue = queue(inbox(context)).singleActiveConsumer().build();
            all.add(queue);
            patterns.stream()
                    .<Binding>map(
                            pattern -> BindingBuilder.bind(queue).to(events).with(pattern))
                    .forEach(all::add);
        });
        return new Declarables(all);
    }

    private QueueBuilder queue(String name) {
        QueueBuilder builder = QueueBuilder.durable(name).withArgument("x-queue-type", queueType);
        if (queueType.equals("quorum")) {
            builder.deliveryLimit(DELIVERY_LIMIT);
        }
        return queueExpiry == null ? builder : builder.expires(Math.toIntExact(queueExpiry.toMillis()));
    }
}
