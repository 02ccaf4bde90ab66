package io.waybill.messaging.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.waybill.messaging.tracing.Tracing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks into the stream without processing it. */
public final class StreamBrowser {

    private final JdbcClient jdbc;
    private final ObjectMapper mapper;

    public StreamBrowser(JdbcClient jdbc, ObjectMapper mapper) {
        this.jdbc = jdbc;
        this.mapper = mapper;
    }

    /** What to look for; null and absent parts mean anything. */
    public record Filter(@Nullable String subject, @Nullable String type, StreamPosition after) {}

    /**
     * All events of a partition key, for example of an order across contexts, in the stream's order: also the newest,
     * before which others may still appear that commit late. Whoever goes on later behind an event of the answer takes
     * only what is not beyond {@link #settled()}, asked first.
     */
    public List<StoredEvent> byPartition(String partitionKey) {
        return jdbc.sql("select " + StreamRow.COLUMNS + """
             from event_stream
            where partition_key = ?
            order by transaction_id, position\
            """)
                .param(partitionKey)
                .query((row, nr) -> stored(StreamRow.read(row)))
                .list();
    }

    /** The place up to which nothing can appear any more. */
    public StreamPosition settled() {
        return jdbc.sql("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1")
                .query((row, nr) -> new StreamPosition(row.getLong(1), Long.MAX_VALUE))
                .single();
    }

    /**
     * At most {@code limit} settled events that fit the filter, in the stream's order, so that going on behind the last
     * of them misses none.
     */
    public List<StoredEvent> find(Filter filter, int limit) {
        List<Object> parameters = new ArrayList<>();
        parameters.add(Long.toString(filter.after().transactionId()));
        parameters.add(filter.after().offset());
        // A statement for each kind of filter, so that each finds its index.
        StringBuilder wanted = new StringBuilder();
        if (filter.subject() != null) {
            wanted.append(" and subject = ?");
            parameters.add(filter.subject());
        }
        if (filter.type() != null) {
            wanted.append(" and type = ?");
            parameters.add(filter.type());
        }
        parameters.add(limit);
        return jdbc.sql("select " + StreamRow.COLUMNS + """
             from event_stream
            where (transaction_id, position) > (?::text::xid8, ?)
              and transaction_id < pg_snapshot_xmin(pg_current_snapshot())\
            """ + wanted + " order by transaction_id, position limit ?")
                .params(parameters)
                .query((row, nr) -> stored(StreamRow.read(row)))
                .list();
    }

    /**
     * At most {@code limit} events of a partition key behind a place, in the stream's order: only those before which
     * nothing can appear any more, so that going on behind the last of them misses none and repeats none.
     */
    public List<StoredEvent> settledOf(String partitionKey, StreamPosition after, int limit) {
        return jdbc.sql("select " + StreamRow.COLUMNS + """
             from event_stream
            where partition_key = :key
              and (transaction_id, position) > (:transactionId::text::xid8, :position)
              and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
            order by transaction_id, position
            limit :limit\
            """)
                .param("key", partitionKey)
                .param("transactionId", Long.toString(after.transactionId()))
                .param("position", after.offset())
                .param("limit", limit)
                .query((row, nr) -> stored(StreamRow.read(row)))
                .list();
    }

    private StoredEvent stored(StreamRow row) {
        String trace = json(row.metadata()).path(Tracing.TRACEPARENT).textValue();
        return new StoredEvent(
                row.position().offset(),
                row.position().transactionId(),
                row.source(),
                row.eventId(),
                row.type(),
                row.revision(),
                row.subject(),
                row.sequenceNumber(),
                row.partitionKey(),
                row.occurredAt(),
                json(row.payload()),
                Tracing.traceId(trace).orElse(null),
                Tracing.isRecorded(trace));
    }

    private JsonNode json(String payload) {
        try {
            return mapper.readTree(payload);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(payload);
        }
    }
}
