package io.waybill.acceptance.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An order as its customer sees it.
 *
 * @param pieces of each product
 */
record OrderView(String id, String status, BigDecimal total, String currency, Map<String, Long> pieces) {

    private static final Set<String> KEPT = Set.of("CONFIRMED", "DISPATCHED", "DELIVERED");
    private static final Set<String> UNDONE = Set.of("REJECTED", "CANCELLED");
    private static final String STUCK = "COMPENSATION_STUCK";

    static OrderView of(JsonNode order) {
        Map<String, Long> pieces = new TreeMap<>();
        order.path("lines")
                .forEach(line -> pieces.merge(
                        line.path("sku").asText(), line.path("quantity").asLong(), Long::sum));
        return new OrderView(
                order.path("orderId").asText(),
                order.path("status").asText(),
                new BigDecimal(order.at("/total/amount").asText()),
                order.at("/total/currency").asText(),
                pieces);
    }

    /** The ids of an order's payment and shipment are its own under another prefix. */
    String paymentId() {
        return "pay_" + uuid();
    }

    String shipmentId() {
        return "shp_" + uuid();
    }

    private String uuid() {
        return id.substring(id.indexOf('_') + 1);
    }

    /** Whether the customer has the goods, or will get them, and so pays for them. */
    boolean isKept() {
        return KEPT.contains(status);
    }

    boolean isUndone() {
        return UNDONE.contains(status);
    }

    boolean isStuck() {
        return status.equals(STUCK);
    }

    /** Whether nothing more happens unless somebody asks for it. */
    boolean isAtRest() {
        return isKept() || isUndone() || isStuck();
    }
}
