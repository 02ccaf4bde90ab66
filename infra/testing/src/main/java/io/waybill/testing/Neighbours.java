package io.waybill.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.waybill.kernel.Command;
import io.waybill.kernel.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The other contexts, as a context meets them on the broker: they ask by queue, tell by exchange, take what they are
 * asked and listen. They write the wire's format by themselves, so that a change of it shows.
 */
public final class Neighbours implements AutoCloseable {

    private static final int CONFIRM_MILLIS = 30_000;
    private static final String ATTRIBUTE = "cloudEvents:";

    private final Connection connection;
    private final Channel speaking;
    private final String prefix;
    private final ObjectMapper json;

    Neighbours(TestBroker broker, String prefix, ObjectMapper json) {
        this.prefix = prefix;
        this.json = json;
        try {
            this.connection = broker.connect();
            this.speaking = connection.createChannel();
            speaking.confirmSelect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The order context, the only one that asks others, asks a context by its queue. */
    public void ask(String context, Command command) {
        String queue = prefix + context + ".commands";
        AMQP.BasicProperties properties =
                properties("order", context, command, command.target(), command.partitionKey());
        publish(List.of(new Outgoing(prefix + "waybill.commands", queue, properties, command)));
    }

    /**
     * A context tells an event.
     *
     * @return the event's id
     */
    public String tell(String context, Event event) {
        Outgoing outgoing = event(context, event);
        publish(List.of(outgoing));
        return outgoing.properties().getMessageId();
    }

    private record Outgoing(String exchange, String routingKey, AMQP.BasicProperties properties, Object payload) {}

    private Outgoing event(String context, Event event) {
        String name = event.getClass().getSimpleName();
        String key =
                context + "." + name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        AMQP.BasicProperties properties = properties(context, context, event, event.subject(), event.partitionKey());
        return new Outgoing(prefix + "waybill.events", key, properties, event);
    }

    /** A context tells many events at once, in their order. */
    public void tellAll(String context, List<? extends Event> events) {
        List<Outgoing> all = events.stream().map(event -> event(context, event)).toList();
        publish(all);
    }

    /** Takes the next command that waits for a context; nothing where none waits just now. */
    public synchronized Optional<Heard> takeCommand(String context) {
        try {
            return Optional.ofNullable(speaking.basicGet(prefix + context + ".commands", true))
                    .map(Neighbours::heard);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on a context deals with every command that it is asked, one after the other. */
    public void serve(String context, Consumer<Heard> commands) {
        try {
            consume(connection.createChannel(), prefix + context + ".commands", commands);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Listens from now on.
     *
     * @param pattern which events, such as {@code payment.*}
     */
    public EventLog listenTo(String pattern) {
        EventLog log = new EventLog();
        try {
            Channel channel = connection.createChannel();
            String queue = prefix + "ears-" + UUID.randomUUID();
            channel.queueDeclare(queue, false, true, true, Map.of());
            channel.queueBind(queue, prefix + "waybill.events", pattern);
            consume(channel, queue, log::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return log;
    }

    /** The payload of a message. */
    public <T> T read(Heard heard, Class<T> payload) {
        try {
            return json.readValue(heard.body(), payload);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void consume(Channel channel, String queue, Consumer<Heard> listener) throws IOException {
        channel.basicConsume(
                queue,
                true,
                (tag, delivery) -> listener.accept(heard(delivery.getProperties(), delivery.getBody())),
                tag -> {});
    }

    private synchronized void publish(List<Outgoing> all) {
        try {
            for (Outgoing one : all) {
                speaking.basicPublish(
                        one.exchange(), one.routingKey(), one.properties(), json.writeValueAsBytes(one.payload()));
            }
            speaking.waitForConfirmsOrDie(CONFIRM_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the broker confirmed", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker did not confirm within " + CONFIRM_MILLIS + " ms", e);
        }
    }

    private static AMQP.BasicProperties properties(
            String source, String owner, Object payload, String subject, String partitionKey) {
        String id = UUID.randomUUID().toString();
        Map<String, Object> headers = new HashMap<>();
        headers.put(ATTRIBUTE + "specversion", "1.0");
        headers.put(ATTRIBUTE + "id", id);
        headers.put(ATTRIBUTE + "source", "/waybill/" + source);
        headers.put(
                ATTRIBUTE + "type",
                "waybill." + owner + "." + payload.getClass().getSimpleName() + ".v1");
        headers.put(ATTRIBUTE + "subject", subject);
        headers.put(ATTRIBUTE + "time", "2026-11-22T12:00:00Z");
        headers.put(ATTRIBUTE + "partitionkey", partitionKey);
        return new AMQP.BasicProperties.Builder()
                .messageId(id)
                .contentType("application/json")
                .deliveryMode(2)
                .headers(headers)
                .build();
    }

    private static Heard heard(GetResponse response) {
        return heard(response.getProps(), response.getBody());
    }

    private static Heard heard(AMQP.BasicProperties properties, byte[] body) {
        Map<String, Object> headers = properties.getHeaders();
        return new Heard(
                String.valueOf(headers.get(ATTRIBUTE + "id")),
                String.valueOf(headers.get(ATTRIBUTE + "type")),
                String.valueOf(headers.get(ATTRIBUTE + "subject")),
                String.valueOf(headers.get(ATTRIBUTE + "partitionkey")),
                new String(body, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
