package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What must always be true once everything has come to rest, counted where the partners keep their books. */
record Audit(Optional<PartnerBooks> books) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    void check(List<Product> products, List<PlacedOrder> orders) {
        orders.forEach(PlacedOrder::comesToRest);
        books.ifPresentOrElse(
                found -> orders.forEach(order -> soon(() -> {
                    checkMoney(order, found);
                    checkParcel(order, found);
                })),
                () -> System.out.println("The partners' books cannot be reached, so only the stock was audited."));
        products.forEach(product -> soon(() -> checkStock(product, orders)));
    }

    /** Captured less refunded is what the customer owes; each happened once at most. */
    private static void checkMoney(PlacedOrder order, PartnerBooks books) {
        List<JsonNode> entries = books.ofPayment(order.paymentId());
        List<BigDecimal> captured = moved("CHARGE", entries);
        List<BigDecimal> refunded = moved("REFUND", entries);
        Status status = order.status();
        assertThat(captured).as("charges for %s: %s", order.id(), entries).hasSizeLessThanOrEqualTo(1);
        assertThat(refunded).as("refunds for %s: %s", order.id(), entries).hasSizeLessThanOrEqualTo(1);
        if (status != Status.COMPENSATION_STUCK) {
            assertThat(sum(captured).subtract(sum(refunded)))
                    .as("what was kept for %s, which is %s: %s", order.id(), status, entries)
                    .isEqualByComparingTo(status.isKept() ? order.total() : BigDecimal.ZERO);
        }
    }

    /** The carrier has a parcel for every order that is kept, and for no other. */
    private static void checkParcel(PlacedOrder order, PartnerBooks books) {
        List<JsonNode> entries = books.ofShipment(order.shipmentId());
        long booked = effective("BOOK", entries);
        long cancelled = effective("CANCEL", entries);
        assertThat(booked).as("bookings for %s: %s", order.id(), entries).isLessThanOrEqualTo(1);
        assertThat(booked - cancelled)
                .as("parcels for %s, which is %s: %s", order.id(), order.status(), entries)
                .isEqualTo(order.status().isKept() ? 1 : 0);
    }

    /** Received is available, reserved and shipped; the pieces of kept orders are reserved or shipped. */
    private static void checkStock(Product product, List<PlacedOrder> orders) {
        int kept = orders.stream()
                .filter(order -> order.purchase().product().equals(product))
                .filter(order -> order.status().isKept())
                .mapToInt(order -> order.purchase().pieces())
                .sum();
        assertThat(product.available() + kept)
                .as("%s: available, reserved and shipped", product.sku())
                .isEqualTo(product.received());
    }

    private static List<BigDecimal> moved(String kind, List<JsonNode> entries) {
        return entries.stream()
                .filter(entry -> entry.path("kind").asText().equals(kind))
                .filter(entry -> entry.path("moved").asBoolean())
                .map(entry -> new BigDecimal(entry.at("/amount/amount").asText()))
                .toList();
    }

    private static long effective(String kind, List<JsonNode> entries) {
        return entries.stream()
                .filter(entry -> entry.path("kind").asText().equals(kind))
                .filter(entry -> entry.path("effective").asBoolean())
                .count();
    }

    private static BigDecimal sum(List<BigDecimal> amounts) {
        return amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** The read models follow, and the last compensation may still be under way. */
    private static void soon(Runnable check) {
        within(PATIENCE, "the books agree").untilAsserted(check::run);
    }
}
