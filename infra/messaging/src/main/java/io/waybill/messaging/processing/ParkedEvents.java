package io.waybill.messaging.processing;

import io.waybill.messaging.stream.StreamEntry;
import io.waybill.messaging.stream.StreamPosition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Events that a processor could not handle, in the order of the stream per partition key. As long as one of a key is
 * parked, later ones of the same key queue up behind it; other keys go on.
 */
final class ParkedEvents {

    /** How often a parked event is tried again by itself before it waits for an operator. */
    static final int AUTOMATIC_TRIES = 10;

    /** @param nextTryAt null where it waits for an operator, or behind another */
    record Parked(
            long id,
            String processor,
            int segment,
            String partitionKey,
            StreamPosition position,
            String cause,
            int attempts,
            Instant parkedAt,
            @Nullable Instant nextTryAt) {}

    private static final String COLUMNS =
            "id, processor, segment, partition_key, transaction_id::text::bigint as transaction_number, position,"
                    + " cause, attempts, parked_at, next_try_at";

    private final JdbcClient jdbc;

    ParkedEvents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Set<String> partitionKeys(String processor, int segment) {
        return new HashSet<>(
                jdbc.sql("select distinct partition_key from parked_event where processor = ? and segment = ?")
                        .params(processor, segment)
                        .query(String.class)
                        .list());
    }

    void park(String processor, int segment, StreamEntry entry, String cause, int attempts) {
        jdbc.sql("""
            insert into parked_event
                (processor, segment, partition_key, transaction_id, position, cause, attempts,
                 next_try_at)
            values (?, ?, ?, ?::text::xid8, ?, ?, ?, clock_timestamp() + interval '1 second')
            on conflict (processor, segment, position) do nothing\
            """)
                .params(
                        processor,
                        segment,
                        entry.row().partitionKey(),
                        Long.toString(entry.position().transactionId()),
                        entry.position().offset(),
                        cause,
                        attempts)
                .update();
    }

    /** The first event of some key that is due for another try. */
    Optional<Parked> nextDue(String processor, int segment) {
        return jdbc.sql("select " + COLUMNS + """
             from parked_event
            where id in (
                select distinct on (partition_key) id from parked_event
                 where processor = ? and segment = ?
                 order by partition_key, transaction_id, position)
              and next_try_at <= clock_timestamp()
            order by next_try_at
            limit 1\
            """)
                .params(processor, segment)
                .query((row, nr) -> parked(row))
                .optional();
    }

    void done(long id) {
        jdbc.sql("delete from parked_event where id = ?").param(id).update();
    }

    /** Notes another failure; after {@link #AUTOMATIC_TRIES} of them it waits for an operator. */
    void failedAgain(long id, String cause) {
        jdbc.sql("""
            update parked_event
               set attempts = attempts + 1, cause = ?,
                   next_try_at = case when attempts + 1 < ?
                       then clock_timestamp() + least(interval '5 minutes',
                                                      interval '1 second' * power(2, attempts)) end
             where id = ?\
            """).params(cause, AUTOMATIC_TRIES, id).update();
    }

    /** An operator wants it tried now. */
    boolean retryNow(long id) {
        return jdbc.sql("update parked_event set next_try_at = clock_timestamp(), attempts = 0 where id = ?")
                        .param(id)
                        .update()
                > 0;
    }

    /** Gives an event up; the next of its key is tried. */
    boolean discard(long id) {
        return jdbc.sql("delete from parked_event where id = ?").param(id).update() > 0;
    }

    void discardAll(String processor) {
        jdbc.sql("delete from parked_event where processor = ?")
                .param(processor)
                .update();
    }

    /** In the order in which they were parked, those behind an id. */
    List<Parked> list(long after, int limit) {
        return jdbc.sql("select " + COLUMNS + " from parked_event where id > ? order by id limit ?")
                .params(after, limit)
                .query((row, nr) -> parked(row))
                .list();
    }

    private static Parked parked(ResultSet row) throws SQLException {
        OffsetDateTime nextTry = row.getObject("next_try_at", OffsetDateTime.class);
        return new Parked(
                row.getLong("id"),
                row.getString("processor"),
                row.getInt("segment"),
                row.getString("partition_key"),
                new StreamPosition(row.getLong("transaction_number"), row.getLong("position")),
                row.getString("cause"),
                row.getInt("attempts"),
                row.getObject("parked_at", OffsetDateTime.class).toInstant(),
                nextTry == null ? null : nextTry.toInstant());
    }
}
