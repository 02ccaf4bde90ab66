package io.waybill.messaging.stream;

import java.util.List;
import org.axonframework.eventhandling.TrackedEventMessage;

/**
 * A row of the stream and the messages that the upcasters make of it: one as a rule; none where a type was retired or
 * is not in this process' catalogue. Payloads are decoded when a handler first asks for them.
 */
public record StreamEntry(StreamRow row, List<TrackedEventMessage<?>> messages) {

    public StreamEntry {
        messages = List.copyOf(messages);
    }

    public StreamPosition position() {
        return row.position();
    }
}
