package io.waybill.messaging.stream;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;

/** Inserts any number of events with one statement, in the caller's transaction. */
final class EventRows {

    /** An event to insert. */
    record NewRow(
            String source,
            String eventId,
            String type,
            int revision,
            @Nullable String aggregateType,
            String subject,
            @Nullable Long sequenceNumber,
            String partitionKey,
            String occurredAt,
            String payload,
            String metadata) {}

    private static final String INSERT = """
        insert into event_stream (local, source, event_id, type, revision, aggregate_type, subject, sequence_number,
                                  partition_key, occurred_at, payload, metadata)
        select ?, source, event_id, type, revision, aggregate_type, subject, sequence_number,
               partition_key, occurred_at::timestamptz, payload, metadata
          from unnest(?::text[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[], ?::bigint[], ?::text[],
                      ?::text[], ?::text[], ?::text[])
               with ordinality as e(source, event_id, type, revision, aggregate_type, subject, sequence_number,
                                    partition_key, occurred_at, payload, metadata, nr)
         order by nr\
        """;

    private final JdbcTemplate jdbc;

    EventRows(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Inserts at least one event.
     *
     * @return where the last of them stands
     * @throws org.springframework.dao.DuplicateKeyException if the aggregate already has an event of that number
     */
    StreamPosition insertOwn(List<NewRow> rows) {
        return insert(INSERT + " returning transaction_id::text::bigint, position", true, rows, statement -> {
            try (ResultSet inserted = statement.executeQuery()) {
                StreamPosition last = StreamPosition.START;
                while (inserted.next()) {
                    last = new StreamPosition(inserted.getLong(1), inserted.getLong(2));
                }
                return last;
            }
        });
    }

    /** Inserts those that the stream does not have yet, by source and event id. */
    int insertForeign(List<NewRow> rows) {
        return insert(
                INSERT + " on conflict (source, event_id) do nothing", false, rows, PreparedStatement::executeUpdate);
    }

    private <T> T insert(String sql, boolean local, List<NewRow> rows, PreparedStatementCallback<T> run) {
        T inserted = jdbc.execute(sql, (PreparedStatement statement) -> {
            Connection connection = statement.getConnection();
            statement.setBoolean(1, local);
            statement.setArray(2, texts(connection, rows, NewRow::source));
            statement.setArray(3, texts(connection, rows, NewRow::eventId));
            statement.setArray(4, texts(connection, rows, NewRow::type));
            statement.setArray(5, array(connection, "int4", rows, NewRow::revision));
            statement.setArray(6, texts(connection, rows, NewRow::aggregateType));
            statement.setArray(7, texts(connection, rows, NewRow::subject));
            statement.setArray(8, array(connection, "int8", rows, NewRow::sequenceNumber));
            statement.setArray(9, texts(connection, rows, NewRow::partitionKey));
            statement.setArray(10, texts(connection, rows, NewRow::occurredAt));
            statement.setArray(11, texts(connection, rows, NewRow::payload));
            statement.setArray(12, texts(connection, rows, NewRow::metadata));
            return run.doInPreparedStatement(statement);
        });
        return Objects.requireNonNull(inserted);
    }

    private static Array texts(Connection connection, List<NewRow> rows, Function<NewRow, @Nullable Object> field)
            throws SQLException {
        return array(connection, "text", rows, field);
    }

    private static Array array(
            Connection connection, String type, List<NewRow> rows, Function<NewRow, @Nullable Object> field)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(field).toArray());
    }
}
