package io.waybill.messaging.waiting;

import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import io.waybill.messaging.processing.Processors;
import io.waybill.messaging.stream.AppendLog.Appended;
import io.waybill.messaging.stream.StreamPosition;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Looks up how far the read models of this context have come, whichever process draws them. */
public final class ReadModels {

    /**
     * How far a read model has come.
     *
     * @param stored the place up to which it has handled everything
     * @param next the first event behind that place which concerns it; null where there is none
     * @param unsettled the oldest transaction that may still append before others
     * @param replaying whether it is being drawn anew
     * @param hasParked whether events wait for an operator that it could not digest
     */
    record Horizon(
            StreamPosition stored,
            @Nullable StreamPosition next,
            long unsettled,
            boolean replaying,
            boolean hasParked) {

        /** Whether all that concerns the read model up to a place is in it. */
        boolean covers(StreamPosition place) {
            if (place.compareTo(stored) <= 0) {
                return true;
            }
            return place.transactionId() < unsettled && (next == null || place.compareTo(next) < 0);
        }
    }

    private static final String HORIZON = """
        select seen.transaction_id::text::bigint as transaction_id, seen.position, seen.replaying,
               next.transaction_id::text::bigint as next_transaction_id, next.position as next_position,
               pg_snapshot_xmin(pg_current_snapshot())::text::bigint as unsettled,
               exists (select from parked_event where processor = ?) as has_parked
          from (select transaction_id, position, replay_transaction_id is not null as replaying
                  from processor_token where processor = ?
                 order by transaction_id, position limit 1) seen
          left join lateral (
               select transaction_id, position from event_stream
                where (transaction_id, position) > (seen.transaction_id, seen.position) and type = any (?)
                order by transaction_id, position limit 1) next on true\
        """;

    private final JdbcTemplate jdbc;
    private final Processors processors;
    private final MessageCatalogue catalogue;
    private final Map<String, List<String>> concerning = new ConcurrentHashMap<>();

    ReadModels(JdbcTemplate jdbc, Processors processors, MessageCatalogue catalogue) {
        this.jdbc = jdbc;
        this.processors = processors;
        this.catalogue = catalogue;
    }

    /** Nothing for a processor that has never run. */
    Optional<Horizon> horizon(String processor) {
        List<String> types = concerning.computeIfAbsent(processor, this::typesFor);
        return jdbc
                .query(
                        connection -> {
                            var statement = connection.prepareStatement(HORIZON);
                            statement.setString(1, processor);
                            statement.setString(2, processor);
                            statement.setArray(3, texts(connection, types));
                            return statement;
                        },
                        (row, nr) -> horizon(row))
                .stream()
                .findFirst();
    }

    private List<String> typesFor(String processor) {
        return catalogue
                .types()
                .filter(type -> switch (type.kind()) {
                    case OWN_EVENT, INTERNAL_EVENT, FOREIGN_EVENT -> processors.handles(processor, type.payload());
                    case OWN_COMMAND, FOREIGN_COMMAND -> false;
                })
                .map(MessageType::qualifiedName)
                .toList();
    }

    private static Horizon horizon(ResultSet row) throws SQLException {
        StreamPosition stored = new StreamPosition(row.getLong("transaction_id"), row.getLong("position"));
        long nextTransaction = row.getLong("next_transaction_id");
        StreamPosition next = row.wasNull() ? null : new StreamPosition(nextTransaction, row.getLong("next_position"));
        return new Horizon(
                stored, next, row.getLong("unsettled"), row.getBoolean("replaying"), row.getBoolean("has_parked"));
    }

    /** At which of these places the event, or one before it with the same key, is parked: passed by without effect. */
    Set<StreamPosition> parkedAt(Set<StreamPosition> places, String processor) {
        return jdbc
                .query(
                        connection -> {
                            var statement = connection.prepareStatement("""
                                select place.transaction_id, place.position
                                  from unnest(?::bigint[], ?::bigint[]) place (transaction_id, position)
                                 where exists (
                                       select from event_stream event
                                         join parked_event parked on parked.partition_key = event.partition_key
                                        where event.position = place.position and parked.processor = ?
                                          and (parked.transaction_id, parked.position)
                                              <= (place.transaction_id::text::xid8, place.position))\
                                """);
                            List<StreamPosition> all = List.copyOf(places);
                            statement.setArray(1, numbers(connection, all, StreamPosition::transactionId));
                            statement.setArray(2, numbers(connection, all, StreamPosition::offset));
                            statement.setString(3, processor);
                            return statement;
                        },
                        (row, nr) -> new StreamPosition(row.getLong(1), row.getLong(2)))
                .stream()
                .collect(Collectors.toUnmodifiableSet());
    }

    /** An event of another context, of which the stream may have a copy. */
    record Foreign(String source, String eventId) {}

    /** Where the copies of these events stand; nothing of those that have not come. */
    Map<Foreign, StreamPosition> placesOf(Set<Foreign> events) {
        Map<Foreign, StreamPosition> places = new HashMap<>();
        jdbc.query(
                connection -> {
                    var statement = connection.prepareStatement("""
                        select event.source, event.event_id, event.transaction_id::text::bigint, event.position
                          from unnest(?::text[], ?::text[]) wanted (source, event_id)
                          join event_stream event
                            on event.source = wanted.source and event.event_id = wanted.event_id\
                        """);
                    List<Foreign> all = List.copyOf(events);
                    statement.setArray(
                            1,
                            texts(connection, all.stream().map(Foreign::source).toList()));
                    statement.setArray(
                            2,
                            texts(connection, all.stream().map(Foreign::eventId).toList()));
                    return statement;
                },
                row -> {
                    places.put(
                            new Foreign(row.getString(1), row.getString(2)),
                            new StreamPosition(row.getLong(3), row.getLong(4)));
                });
        return places;
    }

    /** The newest place that anything visible stands at, together with the newest event that others could hear of. */
    Appended newest() {
        List<String> own = catalogue
                .types()
                .filter(type -> type.kind() == MessageType.Kind.OWN_EVENT)
                .map(MessageType::qualifiedName)
                .toList();
        return jdbc
                .query(
                        connection -> {
                            var statement = connection.prepareStatement("""
                                select newest.transaction_id::text::bigint, newest.position, own.event_id, own.type
                                  from (select transaction_id, position from event_stream
                                         order by transaction_id desc, position desc limit 1) newest
                                  left join lateral (
                                       select event_id, type from event_stream
                                        where local and type = any (?)
                                        order by transaction_id desc, position desc limit 1) own on true\
                                """);
                            statement.setArray(1, texts(connection, own));
                            return statement;
                        },
                        (row, nr) -> new Appended(
                                new StreamPosition(row.getLong(1), row.getLong(2)),
                                orEmpty(row.getString(3)),
                                orEmpty(row.getString(4))))
                .stream()
                .findFirst()
                .orElse(new Appended(StreamPosition.START, "", ""));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Which of these keys have events in a part of the stream. */
    Set<String> moved(Collection<String> keys, StreamPosition after, StreamPosition until) {
        return jdbc
                .query(
                        connection -> {
                            var statement = connection.prepareStatement("""
                                select distinct partition_key from event_stream
                                 where partition_key = any (?)
                                   and (transaction_id, position) > (?::text::xid8, ?)
                                   and (transaction_id, position) <= (?::text::xid8, ?)\
                                """);
                            statement.setArray(1, texts(connection, keys));
                            statement.setString(2, Long.toString(after.transactionId()));
                            statement.setLong(3, after.offset());
                            statement.setString(4, Long.toString(until.transactionId()));
                            statement.setLong(5, until.offset());
                            return statement;
                        },
                        (row, nr) -> row.getString(1))
                .stream()
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Array numbers(
            Connection connection, List<StreamPosition> places, ToLongFunction<StreamPosition> part)
            throws SQLException {
        return connection.createArrayOf(
                "bigint", places.stream().mapToLong(part).boxed().toArray());
    }

    private static Array texts(Connection connection, Collection<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }
}
