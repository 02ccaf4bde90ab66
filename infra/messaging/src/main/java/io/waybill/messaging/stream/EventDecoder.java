package io.waybill.messaging.stream;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns stored rows into Axon's messages: through the upcasters, decoding lazily. */
final class EventDecoder {

    private static final Logger LOG = LoggerFactory.getLogger(EventDecoder.class);

    private final Serializer serializer;
    private final EventUpcaster upcasters;

    EventDecoder(Serializer serializer, EventUpcaster upcasters) {
        this.serializer = serializer;
        this.upcasters = upcasters;
    }

    /**
     * An event that an upcaster fails with and that cannot be read as it is stays what it is: whoever looks into it
     * fails and parks it, and all others go on. Where it could be read, the upcaster itself is to blame.
     */
    StreamEntry decode(StreamRow row) {
        try {
            return decode(row, upcasters);
        } catch (RuntimeException e) {
            StreamEntry asItIs = decode(row, NoOpEventUpcaster.INSTANCE);
            if (isReadable(asItIs)) {
                throw e;
            }
            LOG.warn(
                    "{} at {} cannot be brought to its current revision: {}", row.type(), row.position(), e.toString());
            return asItIs;
        }
    }

    private static boolean isReadable(StreamEntry entry) {
        try {
            entry.messages().forEach(EventMessage::getPayload);
            return true;
        } catch (RuntimeException e) {
            LOG.debug("The event at {} cannot be read", entry.position(), e);
            return false;
        }
    }

    private StreamEntry decode(StreamRow row, EventUpcaster with) {
        List<TrackedEventMessage<?>> messages = EventUtils.upcastAndDeserializeTrackedEvents(
                        Stream.of(data(row)), serializer, with)
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
