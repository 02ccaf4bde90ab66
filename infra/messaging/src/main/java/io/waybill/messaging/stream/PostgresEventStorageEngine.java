package io.waybill.messaging.stream;

import io.waybill.kernel.Event;
import io.waybill.messaging.MessageCatalogue;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStorageEngine;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Axon's event storage on {@code event_stream}. An append is one statement, whatever the number of events; reading an
 * aggregate is one; there are no snapshots. Tracked reads go by {@link StreamPosition} below the oldest running
 * transaction and so skip no event that commits late.
 */
public final class PostgresEventStorageEngine extends AbstractEventStorageEngine {

    private static final int PAGE = 500;

    private final JdbcTemplate jdbc;
    private final EventRows rows;
    private final EventStream stream;
    private final MessageCatalogue catalogue;

    public PostgresEventStorageEngine(
            JdbcTemplate jdbc,
            EventStream stream,
            MessageCatalogue catalogue,
            Serializer serializer,
            EventUpcaster upcasters) {
        super(new Builder(serializer, upcasters));
        this.jdbc = jdbc;
        this.rows = new EventRows(jdbc);
        this.stream = stream;
        this.catalogue = catalogue;
    }

    /** @throws ConcurrencyException if another process appended to the same aggregate first */
    @Override
    protected void appendEvents(List<? extends EventMessage<?>> events, Serializer serializer) {
        if (events.isEmpty()) {
            return;
        }
        try {
            List<EventRows.NewRow> added =
                    events.stream().map(event -> newRow(event, serializer)).toList();
            StreamPosition place = rows.insertOwn(added);
            EventRows.NewRow last = added.get(added.size() - 1);
            AppendLog.note(place, last.eventId(), last.type());
        } catch (DuplicateKeyException e) {
            throw new ConcurrencyException("Another process appended to the same aggregate first", e);
        }
        stream.signalAfterCommit();
    }

    private EventRows.NewRow newRow(EventMessage<?> event, Serializer serializer) {
        if (!(event.getPayload() instanceof Event payload)) {
            throw new IllegalArgumentException(event.getPayloadType().getName() + " is no Event");
        }
        SerializedObject<String> body = event.serializePayload(serializer, String.class);
        SerializedObject<String> metadata = event.serializeMetaData(serializer, String.class);
        DomainEventMessage<?> domain = event instanceof DomainEventMessage<?> message ? message : null;
        boolean ofAggregate = domain != null && domain.getType() != null;
        return new EventRows.NewRow(
                catalogue.source(),
                event.getIdentifier(),
                body.getType().getName(),
                Integer.parseInt(body.getType().getRevision()),
                ofAggregate && domain != null ? domain.getType() : null,
                ofAggregate && domain != null ? domain.getAggregateIdentifier() : payload.subject(),
                ofAggregate && domain != null ? domain.getSequenceNumber() : null,
                payload.partitionKey(),
                event.getTimestamp().toString(),
                body.getData(),
                metadata.getData());
    }

    @Override
    protected Stream<? extends DomainEventData<?>> readEventData(String identifier, long firstSequenceNumber) {
        return jdbc
                .query(
                        "select " + StreamRow.COLUMNS + """
                             from event_stream
                            where local and aggregate_type is not null and subject = ? and sequence_number >= ?
                            order by sequence_number\
                            """,
                        (row, nr) -> new EventDecoder.AggregateEvent(StreamRow.read(row)),
                        identifier,
                        firstSequenceNumber)
                .stream();
    }

    @Override
    public Optional<Long> lastSequenceNumberFor(String aggregateIdentifier) {
        return Optional.ofNullable(jdbc.queryForObject(
                "select max(sequence_number) from event_stream where local and aggregate_type is not null and subject"
                        + " = ?",
                Long.class,
                aggregateIdentifier));
    }

    @Override
    protected Stream<? extends TrackedEventData<?>> readEventData(@Nullable TrackingToken token, boolean mayBlock) {
        List<StreamRow> first = stream.select(StreamPosition.of(token), PAGE);
        return Stream.iterate(
                        first,
                        page -> !page.isEmpty(),
                        page -> page.size() < PAGE
                                ? List.of()
                                : stream.select(page.get(page.size() - 1).position(), PAGE))
                .flatMap(List::stream)
                .map(EventDecoder::data);
    }

    /** The start of the stream. */
    @Override
    public TrackingToken createTailToken() {
        return StreamPosition.START;
    }

    /** Behind the newest event that can be read now. */
    @Override
    public TrackingToken createHeadToken() {
        return stream.head();
    }

    /** Before the first event that occurred at the given time or later; behind the newest where there is none. */
    @Override
    public TrackingToken createTokenAt(Instant dateTime) {
        List<StreamPosition> found = jdbc.query(
                """
                select transaction_id::text::bigint as transaction_number, position
                  from event_stream
                 where occurred_at >= ? and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
                 order by transaction_id, position
                 limit 1\
                """,
                (row, nr) -> new StreamPosition(row.getLong(1), row.getLong(2) - 1),
                OffsetDateTime.ofInstant(dateTime, ZoneOffset.UTC));
        return found.isEmpty() ? stream.head() : found.get(0);
    }

    /** Aggregates here are short lived, so that none needs a snapshot; asking for one costs nothing. */
    @Override
    protected Stream<? extends DomainEventData<?>> readSnapshotData(String aggregateIdentifier) {
        return Stream.empty();
    }

    @Override
    protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer serializer) {
        throw new IllegalStateException("Waybill's aggregates have no snapshots; remove the snapshot trigger");
    }

    private static final class Builder extends AbstractEventStorageEngine.Builder {

        Builder(Serializer serializer, EventUpcaster upcasters) {
            eventSerializer(serializer);
            snapshotSerializer(serializer);
            upcasterChain(upcasters);
        }
    }
}
