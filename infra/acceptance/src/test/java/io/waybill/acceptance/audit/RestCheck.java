package io.waybill.acceptance.audit;

import static io.waybill.acceptance.audit.Invariant.REST;

import java.util.Map;
import java.util.stream.Stream;

/** No order hangs, and none that was accepted is gone. */
final class RestCheck implements Check {

    @Override
    public Stream<Violation> violations(Books books) {
        Map<String, OrderView> orders = books.ordersById();
        Stream<Violation> hanging = books.orders().stream()
                .filter(order -> !order.isAtRest())
                .map(order -> REST.violatedBy(order.id(), "hangs as %s".formatted(order.status())));
        Stream<Violation> gone = books.promises().ordersByKey().values().stream()
                .flatMap(ids -> ids.stream().filter(id -> !orders.containsKey(id)))
                .map(id -> REST.violatedBy(id, "was accepted, and there is no such order"));
        return Stream.concat(hanging, gone);
    }
}
