package io.waybill.messaging.processing;

import io.waybill.messaging.stream.StreamPosition;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How far read models are, for answers that say how much they know. */
public final class ReadPositions {

    /**
     * How far a read model is.
     *
     * @param seen all events up to here have taken effect in it
     * @param head the end of the stream at that moment
     */
    public record ReadPosition(StreamPosition seen, StreamPosition head) {}

    private static final String QUERY = """
        select seen.transaction_id::text::bigint as seen_transaction_id, seen.position as seen_position,
               head.transaction_id::text::bigint as head_transaction_id, head.position as head_position
          from (select transaction_id, position from processor_token
                 where processor = :processor
                 order by transaction_id, position
                 limit 1) seen,
               (select transaction_id, position from event_stream
                 where transaction_id < pg_snapshot_xmin(pg_current_snapshot())
                 order by transaction_id desc, position desc
                 limit 1) head
         where not exists (select 1 from parked_event where processor = :processor)
           and not exists (
               select 1 from processor_token
                where processor = :processor and replay_transaction_id is not null)
        """;

    private final JdbcClient jdbc;

    ReadPositions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * How far a processor's read model is at least; nothing while it is being rebuilt, or lacks events that are parked.
     * What is read from it after this call may know more.
     */
    public Optional<ReadPosition> of(String processor) {
        return jdbc.sql(QUERY)
                .param("processor", processor)
                .query((row, nr) -> new ReadPosition(
                        new StreamPosition(row.getLong("seen_transaction_id"), row.getLong("seen_position")),
                        new StreamPosition(row.getLong("head_transaction_id"), row.getLong("head_position"))))
                .optional();
    }
}
