package io.waybill.messaging.stream;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.upcasting.event.EventUpcaster;

/** Turns stored rows into Axon's messages: through the upcasters, decoding lazily. */
final class EventDecoder {

    private final Serializer serializer;
    private final EventUpcaster upcasters;

    EventDecoder(Serializer serializer, EventUpcaster upcasters) {
        this.serializer = serializer;
        this.upcasters = upcasters;
    }

    StreamEntry decode(StreamRow row) {
        List<TrackedEventMessage<?>> messages = EventUtils.upcastAndDeserializeTrackedEvents(
                        Stream.of(data(row)), serializer, upcasters)
                .<TrackedEventMessage<?>>map(message -> message)
                .toList();
        return new StreamEntry(row, messages);
    }

    static TrackedEventData<String> data(StreamRow row) {
        return row.local() && row.aggregateType() != null ? new AggregateEvent(row) : new OtherEvent(row);
    }

    /** A foreign event or an alarm: it belongs to no aggregate of this context. */
    static class OtherEvent implements TrackedEventData<String> {

        protected final StreamRow row;

        OtherEvent(StreamRow row) {
            this.row = row;
        }

        @Override
        public TrackingToken trackingToken() {
            return row.position();
        }

        @Override
        public String getEventIdentifier() {
            return row.eventId();
        }

        @Override
        public Instant getTimestamp() {
            return row.occurredAt();
        }

        @Override
        public SerializedObject<String> getMetaData() {
            return new SimpleSerializedObject<>(row.metadata(), String.class, MetaData.class.getName(), null);
        }

        @Override
        public SerializedObject<String> getPayload() {
            return new SimpleSerializedObject<>(
                    row.payload(), String.class, row.type(), Integer.toString(row.revision()));
        }
    }

    static final class AggregateEvent extends OtherEvent implements DomainEventData<String> {

        AggregateEvent(StreamRow row) {
            super(row);
        }

        @Override
        public String getType() {
            return Objects.requireNonNull(row.aggregateType());
        }

        @Override
        public String getAggregateIdentifier() {
            return row.subject();
        }

        @Override
        public long getSequenceNumber() {
            return Objects.requireNonNull(row.sequenceNumber());
        }
    }
}
