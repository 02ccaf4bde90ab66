package io.waybill.messaging.stream;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** One row of {@code event_stream}, as it was stored: nothing upcast, nothing decoded. */
public record StreamRow(
        StreamPosition position,
        String source,
        boolean local,
        String eventId,
        String type,
        int revision,
        @Nullable String aggregateType,
        String subject,
        @Nullable Long sequenceNumber,
        String partitionKey,
        Instant occurredAt,
        String payload,
        String metadata) {

    /** The transaction's number has a name of its own: ORDER BY would take an output column's and sort all by it. */
    static final String COLUMNS = """
        transaction_id::text::bigint as transaction_number, position, source, local, event_id, type, revision,
        aggregate_type, subject, sequence_number, partition_key, occurred_at, payload, metadata\
        """;

    static StreamRow read(ResultSet row) throws SQLException {
        long sequence = row.getLong("sequence_number");
        Long sequenceNumber = row.wasNull() ? null : sequence;
        return new StreamRow(
                new StreamPosition(row.getLong("transaction_number"), row.getLong("position")),
                row.getString("source"),
                row.getBoolean("local"),
                row.getString("event_id"),
                row.getString("type"),
                row.getInt("revision"),
                row.getString("aggregate_type"),
                row.getString("subject"),
                sequenceNumber,
                row.getString("partition_key"),
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                row.getString("payload"),
                row.getString("metadata"));
    }
}
