package io.waybill.messaging.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.messaging.transport.ConfirmedPublisher.Outgoing;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Messages from the broker that could not be understood or carried out, with their cause. */
public final class ParkedMessages {

    /**
     * A parked message, for people.
     *
     * @param partitionKey the order's id as a rule; null where the message named none
     */
    public record ParkedMessage(
            String context,
            String id,
            String queue,
            @Nullable String messageId,
            @Nullable String partitionKey,
            String cause,
            Instant parkedAt) {}

    private record Parked(long id, Outgoing message) {}

    private static final int LONGEST = 4_000;

    /** How many go back in one batch, because a body may have a mebibyte. */
    private static final int BATCH = 50;

    private final JdbcClient jdbc;
    private final String context;
    private final ConfirmedPublisher publisher;
    private final ObjectMapper mapper = new ObjectMapper();

    ParkedMessages(JdbcClient jdbc, String context, ConfirmedPublisher publisher) {
        this.jdbc = jdbc;
        this.context = context;
        this.publisher = publisher;
    }

    void park(String queue, Message message, String cause) {
        jdbc.sql("""
            insert into parked_message (queue, message_id, partition_key, headers, body, cause)
            values (?, ?, ?, ?, ?, ?)\
            """)
                .params(
                        queue,
                        printable(message.getMessageProperties().getMessageId()),
                        CloudEvents.partitionKey(message),
                        headers(message),
                        message.getBody(),
                        printable(cause))
                .update();
    }

    /** Only the text of headers is kept; Waybill's own messages have no others. */
    private String headers(Message message) {
        Map<String, String> texts = new TreeMap<>();
        message.getMessageProperties()
                .getHeaders()
                .forEach((name, value) -> texts.put(clean(name), clean(String.valueOf(value))));
        try {
            return mapper.writeValueAsString(texts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts can always be written as JSON", e);
        }
    }

    /** PostgreSQL's text holds no zero characters. */
    private static @Nullable String printable(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return clean(text);
    }

    private static String clean(String text) {
        String clean = text.replace('\0', ' ');
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST);
    }

    /**
     * Parked messages in the order in which they were parked.
     *
     * @param after the id of the last one known; 0 for the beginning
     */
    public List<ParkedMessage> list(long after, int limit) {
        return jdbc.sql("""
            select id, queue, message_id, partition_key, cause, parked_at from parked_message
             where id > ? order by id limit ?\
            """)
                .params(after, limit)
                .query((row, nr) -> new ParkedMessage(
                        context,
                        Long.toString(row.getLong("id")),
                        row.getString("queue"),
                        row.getString("message_id"),
                        row.getString("partition_key"),
                        row.getString("cause"),
                        row.getObject("parked_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /**
     * Puts a message back at the end of the queue it came from, behind those with the same partition key that were
     * parked before it, and forgets them here once the broker has them. Events are taken in in that order; commands are
     * carried out several at once. What took effect before takes no effect again.
     *
     * @return whether it was there
     */
    public boolean retry(long id) {
        boolean found = false;
        for (List<Parked> next = upTo(id); !next.isEmpty(); next = upTo(id)) {
            publisher.publish(next.stream().map(Parked::message).toList());
            next.forEach(sent -> discard(sent.id()));
            found = true;
        }
        return found;
    }

    /** The first ones of its key, in the order in which they were parked; itself, where it names no key. */
    private List<Parked> upTo(long id) {
        return jdbc.sql("""
            select parked.id, parked.queue, parked.message_id, parked.headers, parked.body
              from parked_message wanted
              join parked_message parked on parked.id = wanted.id or (parked.queue = wanted.queue
                   and parked.partition_key = wanted.partition_key and parked.id < wanted.id)
             where wanted.id = ? order by parked.id limit ?\
            """)
                .params(id, BATCH)
                .query((row, nr) -> new Parked(
                        row.getLong("id"),
                        again(
                                row.getString("queue"),
                                row.getString("message_id"),
                                row.getString("headers"),
                                row.getBytes("body"))))
                .list();
    }

    private Outgoing again(String queue, @Nullable String messageId, String headers, byte[] body) {
        MessageBuilder builder = MessageBuilder.withBody(body);
        builder.setContentType(MessageProperties.CONTENT_TYPE_JSON).setDeliveryMode(MessageDeliveryMode.PERSISTENT);
        if (messageId != null) {
            builder.setMessageId(messageId);
        }
        try {
            mapper.readValue(headers, new TypeReference<Map<String, String>>() {})
                    .forEach(builder::setHeader);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The headers of a parked message cannot be read", e);
        }
        return new Outgoing("", queue, true, builder.build());
    }

    public boolean discard(long id) {
        return jdbc.sql("delete from parked_message where id = ?").param(id).update() > 0;
    }
}
