package io.waybill.messaging.stream;

import io.waybill.messaging.tracing.Tracing;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Takes copies of other contexts' events into the stream. */
public final class ForeignEvents {

    /**
     * An event as another context told it.
     *
     * @param source the CloudEvents source, for example {@code /waybill/payment}
     * @param type without the revision, for example {@code waybill.payment.PaymentCompleted}
     * @param traceparent the trace context that it was received in; null where there was none
     */
    public record ForeignEvent(
            String source,
            String eventId,
            String type,
            int revision,
            String subject,
            @Nullable Long sequenceNumber,
            String partitionKey,
            Instant occurredAt,
            String payload,
            @Nullable String traceparent) {}

    private final EventRows rows;
    private final EventStream stream;

    public ForeignEvents(JdbcTemplate jdbc, EventStream stream) {
        this.rows = new EventRows(jdbc);
        this.stream = stream;
    }

    /** Appends those that are new, by source and event id, in the caller's transaction; returns how many there were. */
    public int append(List<ForeignEvent> events) {
        if (events.isEmpty()) {
            return 0;
        }
        int inserted =
                rows.insertForeign(events.stream().map(ForeignEvents::row).toList());
        stream.signalAfterCommit();
        return inserted;
    }

    /** A trace context consists of hexadecimal digits and hyphens. */
    private static String metadata(@Nullable String traceparent) {
        return traceparent == null ? "{}" : "{\"" + Tracing.TRACEPARENT + "\":\"" + traceparent + "\"}";
    }

    private static EventRows.NewRow row(ForeignEvent event) {
        return new EventRows.NewRow(
                event.source(),
                event.eventId(),
                event.type(),
                event.revision(),
                null,
                event.subject(),
                event.sequenceNumber(),
                event.partitionKey(),
                event.occurredAt().toString(),
                event.payload(),
                metadata(event.traceparent()));
    }
}
