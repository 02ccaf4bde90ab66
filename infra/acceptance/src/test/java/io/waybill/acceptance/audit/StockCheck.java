package io.waybill.acceptance.audit;

import static io.waybill.acceptance.audit.Invariant.STOCK;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** The warehouse has what arrived less what left, and each order has exactly the pieces that its state says. */
final class StockCheck implements Check {

    /** The pieces of one order, as inventory's events tell it. */
    private static final class Reservation {

        private final Map<String, Long> reserved = new TreeMap<>();
        private final Map<String, Long> shipped = new TreeMap<>();

        /** Events of one aggregate come in the order of its sequence, so the order of the stream does. */
        void hear(Recorded event) {
            switch (event.type()) {
                case "StockReserved" -> add(reserved, event, 1);
                case "StockReleased" -> add(reserved, event, -1);
                case "StockCommitted" -> {
                    add(reserved, event, -1);
                    add(shipped, event, 1);
                }
                default -> {
                    // It moves no pieces of an order.
                }
            }
        }

        private static void add(Map<String, Long> pieces, Recorded event, int sign) {
            for (JsonNode line : event.data().path("lines")) {
                pieces.merge(
                        line.path("sku").asText(), sign * line.path("quantity").asLong(), Long::sum);
            }
            pieces.values().removeIf(number -> number == 0);
        }
    }

    @Override
    public Stream<Violation> violations(Books books) {
        Map<String, Reservation> reservations = new HashMap<>();
        books.toldBy("inventory")
                .forEach(event -> reservations
                        .computeIfAbsent(event.order(), it -> new Reservation())
                        .hear(event));
        var found = new ArrayList<Violation>();
        for (OrderView order : books.orders()) {
            Reservation its = reservations.getOrDefault(order.id(), new Reservation());
            switch (order.status()) {
                case "CONFIRMED" -> expect(order, its, order.pieces(), Map.of(), found);
                case "DISPATCHED", "DELIVERED" -> expect(order, its, Map.of(), order.pieces(), found);
                case "REJECTED", "CANCELLED" -> expect(order, its, Map.of(), Map.of(), found);
                default -> {
                    // Stuck or under way: whatever it has is counted below.
                }
            }
        }
        for (String sku : books.products()) {
            long reserved = sum(reservations, reservation -> reservation.reserved, sku);
            long shipped = sum(reservations, reservation -> reservation.shipped, sku);
            count(books, sku, reserved, shipped, found);
        }
        return found.stream();
    }

    private static void count(Books books, String sku, long reserved, long shipped, List<Violation> found) {
        long received = books.received().getOrDefault(sku, 0L);
        Long available = books.available().get(sku);
        if (available == null) {
            found.add(STOCK.violatedBy(sku, "%d arrived, but the shop does not show it".formatted(received)));
        } else if (received != available + reserved + shipped) {
            found.add(STOCK.violatedBy(
                    sku,
                    "%d arrived, but %d are available, %d reserved and %d shipped"
                            .formatted(received, available, reserved, shipped)));
        }
        if (reserved < 0 || shipped < 0 || received - reserved - shipped < 0) {
            found.add(STOCK.violatedBy(
                    sku, "of %d that arrived, %d are reserved and %d shipped".formatted(received, reserved, shipped)));
        }
    }

    private static void expect(
            OrderView order,
            Reservation its,
            Map<String, Long> reserved,
            Map<String, Long> shipped,
            List<Violation> found) {
        if (!its.reserved.equals(reserved) || !its.shipped.equals(shipped)) {
            found.add(STOCK.violatedBy(
                    order.id(),
                    "%s, but %s are reserved and %s shipped of %s"
                            .formatted(order.status(), its.reserved, its.shipped, order.pieces())));
        }
    }

    private static long sum(
            Map<String, Reservation> reservations, Function<Reservation, Map<String, Long>> which, String sku) {
        return reservations.values().stream()
                .mapToLong(reservation -> which.apply(reservation).getOrDefault(sku, 0L))
                .sum();
    }
}
