package io.waybill.acceptance.audit;

import static io.waybill.acceptance.audit.Invariant.EVENTS;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Each aggregate's events are numbered without a hole, each event that another context hears stands in its stream once,
 * and nothing that can happen to an order once happened to it twice.
 */
final class EventsCheck implements Check {

    /** Events that no other context hears. */
    private static final Set<String> INTERNAL = Set.of("ShipmentCancellationRequested");

    /** Which context hears which foreign events, by source and type. */
    private static final Map<String, BiPredicate<String, String>> HEARD = Map.of(
            "order", (source, type) -> !source.equals("order") && !INTERNAL.contains(type),
            "inventory", (source, type) -> source.equals("shipping") && type.equals("ShipmentDispatched"));

    private static final Set<String> ONCE_PER_ORDER = Set.of(
            "OrderPlaced",
            "OrderConfirmed",
            "OrderRejected",
            "OrderCancelled",
            "OrderDispatched",
            "OrderDelivered",
            "PaymentRequested",
            "PaymentCompleted",
            "PaymentRefunded",
            "StockReserved",
            "StockReleased",
            "StockReservationFailed",
            "StockCommitted",
            "ShipmentRequested",
            "ShipmentCreated",
            "ShipmentCancelled",
            "ShipmentDispatched",
            "ShipmentDelivered");

    /** Which event another one has to be answered by. */
    private static final Map<String, String> EFFECTS = Map.of(
            "ShipmentDispatched", "OrderDispatched",
            "OrderDispatched", "StockCommitted",
            "ShipmentDelivered", "OrderDelivered");

    @Override
    public Stream<Violation> violations(Books books) {
        var found = new ArrayList<Violation>();
        books.streams().forEach((context, stream) -> noneTwice(context, stream, found));
        if (books.isWhole()) {
            books.streams().forEach((context, stream) -> numbered(context, stream, found));
            HEARD.forEach((context, hears) -> delivered(books, context, hears, found));
        }
        effects(books, found);
        books.troubles().forEach(trouble -> found.add(EVENTS.violatedBy("processing", trouble)));
        return found.stream();
    }

    private static void noneTwice(String context, List<Recorded> stream, List<Violation> found) {
        Set<String> seen = new HashSet<>();
        stream.forEach(event -> {
            if (!seen.add(event.source() + " " + event.id())) {
                found.add(EVENTS.violatedBy(
                        event.subject(),
                        "%s %s stands twice in the stream of %s".formatted(event.type(), event.id(), context)));
            }
        });
    }

    private static void numbered(String context, List<Recorded> stream, List<Violation> found) {
        Map<String, Long> next = new HashMap<>();
        stream.stream()
                .filter(event -> event.source().equals(context) && event.sequence() != Recorded.UNNUMBERED)
                .forEach(event -> {
                    long expected = next.merge(event.subject(), 1L, Long::sum) - 1;
                    if (event.sequence() != expected) {
                        found.add(EVENTS.violatedBy(
                                event.subject(),
                                "%s is number %d in %s, where %d comes next"
                                        .formatted(event.type(), event.sequence(), context, expected)));
                    }
                });
    }

    private static void delivered(
            Books books, String consumer, BiPredicate<String, String> hears, List<Violation> found) {
        Set<String> taken = new HashSet<>();
        books.streams().get(consumer).forEach(event -> taken.add(event.source() + " " + event.id()));
        for (String source : Books.CONTEXTS) {
            books.toldBy(source)
                    .filter(event -> hears.test(source, event.type()))
                    .filter(event -> !taken.contains(source + " " + event.id()))
                    .forEach(event -> found.add(EVENTS.violatedBy(
                            event.subject(), "%s of %s never reached %s".formatted(event.type(), source, consumer))));
        }
    }

    private static void effects(Books books, List<Violation> found) {
        Map<String, Map<String, Integer>> counts = new HashMap<>();
        Books.CONTEXTS.stream()
                .flatMap(books::toldBy)
                .forEach(event -> counts.computeIfAbsent(event.order(), order -> new HashMap<>())
                        .merge(event.type(), 1, Integer::sum));
        counts.forEach((order, times) -> {
            times.forEach((type, number) -> {
                if (number > 1 && ONCE_PER_ORDER.contains(type)) {
                    found.add(EVENTS.violatedBy(order, "%s happened %d times".formatted(type, number)));
                }
            });
            EFFECTS.forEach((cause, effect) -> {
                if (times.containsKey(cause) && !times.containsKey(effect)) {
                    found.add(EVENTS.violatedBy(order, "%s had no %s".formatted(cause, effect)));
                }
            });
        });
    }
}
