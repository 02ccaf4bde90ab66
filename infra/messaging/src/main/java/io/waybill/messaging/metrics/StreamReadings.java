package io.waybill.messaging.metrics;

import io.waybill.messaging.metrics.ProcessorPlaces.Place;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How far behind the processors are, and what is parked: two statements on indexes, of a bounded cost each. */
final class StreamReadings {

    /** Further counting would read a long stream once for each processor, and says no more than that it is much. */
    private static final int MOST_COUNTED = 10_000;

    /**
     * @param events behind the place of the segment that is the farthest back
     * @param seconds since the eldest of them happened
     * @param own the same of the events that this context told itself, which are what its outbox has to send
     */
    record Lag(String processor, long events, double seconds, long own, double ownSeconds, boolean replaying) {}

    private final JdbcClient jdbc;
    private final ProcessorPlaces places;

    StreamReadings(JdbcClient jdbc, ProcessorPlaces places) {
        this.jdbc = jdbc;
        this.places = places;
    }

    /** Of the segments that run here, and of those that run nowhere; of others their own processes tell. */
    Map<String, Lag> lags() {
        List<Place> here = places.here();
        return jdbc
                .sql("""
                    with place as (
                        select token.processor, token.replay_transaction_id is not null as replaying,
                               coalesce(here.transaction_id::xid8, token.transaction_id) as transaction_id,
                               coalesce(here.position, token.position) as position
                          from processor_token token
                          left join unnest(:processors::text[], :segments::integer[], :transactions::text[],
                                           :positions::bigint[])
                                 as here (processor, segment, transaction_id, position)
                            on here.processor = token.processor and here.segment = token.segment
                         where here.processor is not null
                            or not exists (select from process_instance
                                            where id = token.owner and alive_until > clock_timestamp()))
                    select place.processor, bool_or(place.replaying) as replaying,
                           max(behind.events) as events, max(behind.own) as own,
                           coalesce(max(extract(epoch from clock_timestamp() - behind.eldest)), 0)::float8 as seconds,
                           coalesce(max(extract(epoch from clock_timestamp() - behind.eldest_own)), 0)::float8 as own_seconds
                      from place
                     cross join lateral (
                        select count(*) as events, count(*) filter (where local) as own,
                               min(occurred_at) as eldest, min(occurred_at) filter (where local) as eldest_own
                          from (select local, occurred_at from event_stream e
                                 where (e.transaction_id, e.position) > (place.transaction_id, place.position)
                                 order by e.transaction_id, e.position
                                 limit :most) counted) behind
                     group by place.processor\
                    """)
                .param("processors", here.stream().map(Place::processor).toArray(String[]::new))
                .param("segments", here.stream().map(Place::segment).toArray(Integer[]::new))
                .param(
                        "transactions",
                        here.stream()
                                .map(place -> Long.toString(place.transactionId()))
                                .toArray(String[]::new))
                .param("positions", here.stream().map(Place::offset).toArray(Long[]::new))
                .param("most", MOST_COUNTED)
                .query((row, nr) -> new Lag(
                        row.getString("processor"),
                        row.getLong("events"),
                        Math.max(0, row.getDouble("seconds")),
                        row.getLong("own"),
                        Math.max(0, row.getDouble("own_seconds")),
                        row.getBoolean("replaying")))
                .list()
                .stream()
                .collect(Collectors.toUnmodifiableMap(Lag::processor, Function.identity()));
    }

    /** How many events each processor has parked, and messages each queue; nothing of those that have none. */
    Map<String, Long> parked() {
        return jdbc.sql("""
            select processor as name, count(*) as number from parked_event group by processor
            union all
            select queue, count(*) from parked_message group by queue\
            """).query((row, nr) -> Map.entry(row.getString("name"), row.getLong("number"))).list().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum));
    }
}
