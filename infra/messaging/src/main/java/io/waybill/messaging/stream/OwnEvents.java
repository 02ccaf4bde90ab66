package io.waybill.messaging.stream;

import io.waybill.messaging.MessageCatalogue;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** Appends events of no aggregate that were written down before, as they were written down. */
public final class OwnEvents {

    /**
     * An event as it was written down.
     *
     * @param type without the revision, for example {@code waybill.order.AnswerOverdue}
     * @param revision that of its time; upcasters read older ones
     * @param payload JSON
     * @param metadata JSON
     */
    public record OwnEvent(
            String eventId,
            String type,
            int revision,
            String subject,
            String partitionKey,
            Instant occurredAt,
            String payload,
            String metadata) {}

    private final EventRows rows;
    private final EventStream stream;
    private final MessageCatalogue catalogue;

    public OwnEvents(JdbcTemplate jdbc, EventStream stream, MessageCatalogue catalogue) {
        this.rows = new EventRows(jdbc);
        this.stream = stream;
        this.catalogue = catalogue;
    }

    /** Appends them in the caller's transaction. */
    public void append(List<OwnEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        rows.insertOwn(events.stream().map(this::row).toList());
        stream.signalAfterCommit();
    }

    private EventRows.NewRow row(OwnEvent event) {
        return new EventRows.NewRow(
                catalogue.source(),
                event.eventId(),
                event.type(),
                event.revision(),
                null,
                event.subject(),
                null,
                event.partitionKey(),
                event.occurredAt().toString(),
                event.payload(),
                event.metadata());
    }
}
