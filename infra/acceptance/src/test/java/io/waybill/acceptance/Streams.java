package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must be true of the streams of all contexts, as far as they are about some orders and what they buy. */
record Streams(Distributed system, List<PlacedOrder> orders) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    void check() {
        checkPlaced();
        Distributed.CONTEXTS.forEach(this::checkNumbers);
        List.of("payment", "inventory", "shipping").forEach(source -> checkHeard(source, "order"));
        checkHeard("shipping", "inventory");
    }

    /** Nothing was placed but what was answered with one of these orders. */
    private void checkPlaced() {
        String products = orders.stream()
                .map(order -> order.purchase().product().sku())
                .distinct()
                .map("payload like '%%%s%%'"::formatted)
                .collect(Collectors.joining(" or ", "(", ")"));
        assertThat(system.database("order")
                        .rows("select subject from event_stream where local and type = 'waybill.order.OrderPlaced' and "
                                + products))
                .as("placed orders")
                .containsExactlyInAnyOrderElementsOf(orders.stream()
                        .map(order -> "{\"subject\":\"%s\"}".formatted(order.id()))
                        .toList());
    }

    /** The numbers of an aggregate's events have neither holes nor repeats. */
    private void checkNumbers(String context) {
        assertThat(system.database(context).rows("""
            select subject, array_agg(sequence_number order by sequence_number) as numbers
              from event_stream
             where local and aggregate_type is not null and partition_key in (%s)
             group by subject
            having count(*) <> max(sequence_number) + 1
                or count(*) <> count(distinct sequence_number)
            """.formatted(keys())))
                .as("aggregates of %s whose events are not numbered one by one", context)
                .isEmpty();
    }

    /** Whoever hears a type of events has each of them, once. */
    private void checkHeard(String source, String consumer) {
        List<String> types = system.database(consumer)
                .rows("select distinct type from event_stream where not local and source = '/waybill/" + source + "'");
        String heard = types.stream()
                .map(row -> "'" + row.substring(row.indexOf(":\"") + 2, row.lastIndexOf('"')) + "'")
                .collect(Collectors.joining(", ", "(", ")"));
        if (types.isEmpty()) {
            return;
        }
        within(PATIENCE, consumer + " has heard everything of " + source)
                .untilAsserted(() -> assertThat(copies(consumer, source))
                        .containsExactlyInAnyOrderElementsOf(system.database(source)
                                .rows("select type, event_id from event_stream where local and type in " + heard
                                        + " and partition_key in (" + keys() + ")")));
    }

    private List<String> copies(String consumer, String source) {
        return system.database(consumer)
                .rows("select type, event_id from event_stream where not local and source = '/waybill/" + source
                        + "' and partition_key in (" + keys() + ")");
    }

    private String keys() {
        return orders.stream()
                .flatMap(order ->
                        Stream.of(order.id(), order.purchase().product().sku()))
                .distinct()
                .map(key -> "'" + key + "'")
                .collect(Collectors.joining(", "));
    }
}
