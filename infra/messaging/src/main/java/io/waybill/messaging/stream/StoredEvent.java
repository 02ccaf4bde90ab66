package io.waybill.messaging.stream;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored event for a person to look at.
 *
 * @param type for example {@code waybill.payment.PaymentCompleted}
 * @param payload its JSON as stored
 * @param traceId the trace that it was told in; null where there was none
 * @param isTraced whether spans of that were recorded
 */
public record StoredEvent(
        long position,
        long transactionId,
        String source,
        String eventId,
        String type,
        int revision,
        String subject,
        @Nullable Long sequenceNumber,
        String partitionKey,
        Instant occurredAt,
        JsonNode payload,
        @Nullable String traceId,
        boolean isTraced) {

    /** The last part of the type, for example {@code PaymentCompleted}. */
    public String name() {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    public StreamPosition place() {
        return new StreamPosition(transactionId, position);
    }
}
