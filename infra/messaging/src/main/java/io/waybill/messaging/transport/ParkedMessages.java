package io.waybill.messaging.transport;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.Message;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Messages from the broker that could not be understood or carried out, with their cause. */
public final class ParkedMessages {

    /** A parked message, for people. */
    public record ParkedMessage(
            String context, String id, String queue, @Nullable String messageId, String cause, Instant parkedAt) {}

    private static final int LONGEST = 4_000;

    private final JdbcClient jdbc;
    private final String context;

    ParkedMessages(JdbcClient jdbc, String context) {
        this.jdbc = jdbc;
        this.context = context;
    }

    void park(String queue, Message message, String cause) {
        String headers = new TreeMap<>(message.getMessageProperties().getHeaders()).toString();
        jdbc.sql("insert into parked_message (queue, message_id, headers, body, cause) values (?, ?, ?, ?, ?)")
                .params(
                        queue,
                        printable(message.getMessageProperties().getMessageId()),
                        printable(headers),
                        message.getBody(),
                        printable(cause))
                .update();
    }

    /** PostgreSQL's text holds no zero characters. */
    private static @Nullable String printable(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String clean = text.replace('\0', ' ');
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST);
    }

    public List<ParkedMessage> list(int limit) {
        return jdbc
                .sql("select id, queue, message_id, cause, parked_at from parked_message order by id limit ?")
                .param(limit)
                .query((row, nr) -> new ParkedMessage(
                        context,
                        Long.toString(row.getLong("id")),
                        row.getString("queue"),
                        row.getString("message_id"),
                        row.getString("cause"),
                        row.getObject("parked_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    public boolean discard(long id) {
        return jdbc.sql("delete from parked_message where id = ?").param(id).update() > 0;
    }
}
