package io.waybill.acceptance.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The books of a small shop in which all is well: ten mugs arrived, and of three orders for two of them each one waits
 * for its dispatch, one was delivered, and one was cancelled. A test spoils one entry.
 */
final class BooksFixtures {

    static final String MUG = "MUG";
    static final String WAITING = "ord_1";
    static final String DELIVERED = "ord_2";
    static final String CANCELLED = "ord_3";

    final List<OrderView> orders = new ArrayList<>();
    final List<PartnerCall> payments = new ArrayList<>();
    final List<PartnerCall> shipments = new ArrayList<>();
    final Map<String, Long> received = new TreeMap<>(Map.of(MUG, 10L));
    final Map<String, Long> available = new TreeMap<>(Map.of(MUG, 6L));
    final Map<String, List<Recorded>> streams = new HashMap<>();
    final List<String> troubles = new ArrayList<>();
    final Promises promises = new Promises();
    Replayed replayed = Replayed.NOTHING;
    private int events;

    static BooksFixtures allIsWell() {
        var shop = new BooksFixtures();
        Books.CONTEXTS.forEach(context -> shop.streams.put(context, new ArrayList<>()));
        shop.tell("inventory", "ProductListed", MUG, 0, MUG);
        shop.tell("inventory", "StockReceived", MUG, 1, MUG);
        shop.buy(WAITING, "CONFIRMED");
        shop.buy(DELIVERED, "DELIVERED");
        shop.tell("shipping", "ShipmentDispatched", "shp_2", 2, DELIVERED);
        shop.tell("inventory", "StockCommitted", DELIVERED, 1, DELIVERED);
        shop.tell("order", "OrderDispatched", DELIVERED, 2, DELIVERED);
        shop.tell("shipping", "ShipmentDelivered", "shp_2", 3, DELIVERED);
        shop.tell("order", "OrderDelivered", DELIVERED, 3, DELIVERED);
        shop.buy(CANCELLED, "CANCELLED");
        shop.shipments.add(new PartnerCall("shp_3", "CANCEL", true, BigDecimal.ZERO, ""));
        shop.tell("inventory", "StockReleased", CANCELLED, 1, CANCELLED);
        shop.payments.add(refund("pay_3"));
        shop.tell("payment", "PaymentRefunded", "pay_3", 2, CANCELLED);
        shop.tell("order", "OrderCancelled", CANCELLED, 2, CANCELLED);
        return shop;
    }

    Books books() {
        return new Books(true, orders, payments, shipments, received, available, streams, troubles, promises, replayed);
    }

    /** An order that went as far as its confirmation. */
    private void buy(String id, String status) {
        OrderView order = order(id, status);
        orders.add(order);
        tell("order", "OrderPlaced", id, 0, id);
        payments.add(charge(order.paymentId()));
        // Asked again, the partner moved nothing a second time.
        payments.add(new PartnerCall(order.paymentId(), "CHARGE", false, new BigDecimal("25.00"), "EUR"));
        tell("payment", "PaymentRequested", order.paymentId(), 0, id);
        tell("payment", "PaymentCompleted", order.paymentId(), 1, id);
        tell("inventory", "StockReserved", id, 0, id);
        shipments.add(booking(order.shipmentId()));
        tell("shipping", "ShipmentRequested", order.shipmentId(), 0, id);
        tell("shipping", "ShipmentCreated", order.shipmentId(), 1, id);
        tell("order", "OrderConfirmed", id, 1, id);
        promises.accepted("key of " + id, id);
    }

    /** Stores an event in its own stream and in those that hear it. */
    void tell(String source, String type, String subject, long sequence, String order) {
        Recorded event = event(source, type, subject, sequence, order);
        streams.get(source).add(event);
        if (!source.equals("order")) {
            streams.get("order").add(event);
        }
        if (type.equals("ShipmentDispatched")) {
            streams.get("inventory").add(event);
        }
    }

    Recorded event(String source, String type, String subject, long sequence, String order) {
        JsonNode data = source.equals("inventory") ? pieces() : MissingNode.getInstance();
        return new Recorded(source, "event-" + events++, type, subject, sequence, order, data);
    }

    /** Removes events of a type from a context's stream. */
    void forget(String context, String type, String subject) {
        streams.get(context)
                .removeIf(event -> event.type().equals(type) && event.subject().equals(subject));
    }

    void become(String id, String status) {
        orders.removeIf(order -> order.id().equals(id));
        orders.add(order(id, status));
    }

    static PartnerCall charge(String key) {
        return new PartnerCall(key, "CHARGE", true, new BigDecimal("25.00"), "EUR");
    }

    static PartnerCall refund(String key) {
        return new PartnerCall(key, "REFUND", true, new BigDecimal("25.00"), "EUR");
    }

    static PartnerCall booking(String key) {
        return new PartnerCall(key, "BOOK", true, BigDecimal.ZERO, "");
    }

    static OrderView order(String id, String status) {
        return new OrderView(id, status, new BigDecimal("25.00"), "EUR", Map.of(MUG, 2L));
    }

    private static ObjectNode pieces() {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.putArray("lines").addObject().put("sku", MUG).put("quantity", 2);
        return data;
    }
}
