package io.waybill.acceptance.audit;

import static io.waybill.acceptance.audit.Invariant.PROMISES;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import io.waybill.acceptance.audit.Promises.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A request has one order, however often it was sent. What an order was shown to be it is, or what may come after that;
 * and it is what its own events made of it.
 */
final class PromisesCheck implements Check {

    /** What an order may be later, by what it was once said to be. */
    private static final Map<String, Set<String>> LATER = Map.of(
            "DELIVERED", Set.of("DELIVERED"),
            "DISPATCHED", Set.of("DISPATCHED", "DELIVERED"),
            "CONFIRMED", Set.of("CONFIRMED", "DISPATCHED", "DELIVERED", "CANCELLED", "COMPENSATION_STUCK"),
            "REJECTED", Set.of("REJECTED"),
            "CANCELLED", Set.of("CANCELLED"));

    /** Events that settle an order, the weightiest first, and what it is then. */
    private static final List<Map.Entry<String, String>> SETTLING = List.of(
            Map.entry("OrderDelivered", "DELIVERED"),
            Map.entry("OrderDispatched", "DISPATCHED"),
            Map.entry("OrderCancelled", "CANCELLED"),
            Map.entry("OrderRejected", "REJECTED"));

    @Override
    public Stream<Violation> violations(Books books) {
        var found = new ArrayList<Violation>();
        books.promises().ordersByKey().forEach((key, orders) -> {
            if (orders.size() > 1) {
                found.add(PROMISES.violatedBy(key, "one request is the orders %s".formatted(orders)));
            }
        });
        Map<String, OrderView> orders = books.ordersById();
        Map<String, Set<String>> events =
                books.toldBy("order").collect(groupingBy(Recorded::order, mapping(Recorded::type, toSet())));
        for (Promise promise : books.promises().told()) {
            OrderView order = orders.get(promise.order());
            if (order == null) {
                found.add(PROMISES.violatedBy(promise.order(), "was %s, and is gone".formatted(promise.kind())));
            } else if (!holds(promise.kind(), order, events.getOrDefault(order.id(), Set.of()))) {
                found.add(PROMISES.violatedBy(
                        order.id(), "was said to be %s, and is %s".formatted(promise.kind(), order.status())));
            }
        }
        for (OrderView order : books.orders()) {
            asItsEventsSay(order, events.getOrDefault(order.id(), Set.of()), found);
        }
        return found.stream();
    }

    /** A cancellation that was taken up is decided: the order is cancelled, or the parcel was faster, or we gave up. */
    private static boolean holds(String kind, OrderView order, Set<String> events) {
        if (kind.equals(Promises.CANCELLING)) {
            return order.isUndone() || order.isStuck() || events.contains("CancellationRefused");
        }
        return LATER.getOrDefault(kind, Set.of(order.status())).contains(order.status());
    }

    private static void asItsEventsSay(OrderView order, Set<String> events, List<Violation> found) {
        List<String> settled = SETTLING.stream()
                .filter(entry -> events.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        boolean agrees = settled.isEmpty()
                ? !order.isUndone() && !Set.of("DISPATCHED", "DELIVERED").contains(order.status())
                : settled.getFirst().equals(order.status());
        boolean contradicts = settled.size() > 1 && (settled.contains("CANCELLED") || settled.contains("REJECTED"));
        if (!agrees || contradicts) {
            found.add(PROMISES.violatedBy(
                    order.id(), "is shown as %s, and its events say %s".formatted(order.status(), events)));
        }
    }
}
