package io.waybill.order;

import io.waybill.inventory.api.StockLine;
import io.waybill.inventory.api.StockReleased;
import io.waybill.inventory.api.StockReservationFailed;
import io.waybill.inventory.api.StockReserved;
import io.waybill.kernel.Address;
import io.waybill.kernel.CustomerId;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.ShipmentId;
import io.waybill.kernel.Sku;
import io.waybill.order.api.CancellationRequested;
import io.waybill.order.api.CompensationResumed;
import io.waybill.order.api.OrderCancelled;
import io.waybill.order.api.OrderConfirmed;
import io.waybill.order.api.OrderDispatched;
import io.waybill.order.api.OrderLine;
import io.waybill.order.api.OrderPlaced;
import io.waybill.order.api.OrderRejected;
import io.waybill.order.api.PlaceOrder;
import io.waybill.order.api.RejectionReason;
import io.waybill.order.api.RequestedLine;
import io.waybill.payment.api.PaymentCompleted;
import io.waybill.payment.api.PaymentFailed;
import io.waybill.payment.api.PaymentRefunded;
import io.waybill.payment.api.PaymentRequested;
import io.waybill.payment.api.PaymentVoided;
import io.waybill.payment.api.RefundFailed;
import io.waybill.shipping.api.ShipmentCancellationRefused;
import io.waybill.shipping.api.ShipmentCancelled;
import io.waybill.shipping.api.ShipmentCreated;
import io.waybill.shipping.api.ShipmentDelivered;
import io.waybill.shipping.api.ShipmentDispatched;
import io.waybill.shipping.api.ShipmentFailed;
import io.waybill.testing.TestTokens;
import java.util.List;

/** One order of two mugs and a stove, and what is said about it. */
public final class OrderFixtures {

    public static final OrderId ORDER = OrderId.of("ord_01890a5d-ac96-774b-bcce-b302099a8057");
    public static final PaymentId PAYMENT = PaymentId.forOrder(ORDER);
    public static final ShipmentId SHIPMENT = ShipmentId.forOrder(ORDER);
    public static final CustomerId CUSTOMER = CustomerId.of("local-customer");
    public static final Sku MUG = Sku.of("MUG-ENAMEL");
    public static final Sku STOVE = Sku.of("STOVE-GAS");
    public static final String CARD = "pm_card_visa";

    public static final String ADDRESS_AS_JSON = """
        {"name":"Ada","street":"12 St James's Square","city":"London","postalCode":"SW1Y 4JH","country":"GB"}\
        """;
    public static final String TWO_MUGS_AND_A_STOVE = orderAsJson("""
        {"sku":"MUG-ENAMEL","quantity":2},{"sku":"STOVE-GAS","quantity":1}\
        """);

    private OrderFixtures() {}

    /** The value of the {@code Authorization} header of the customer. */
    public static String asCustomer() {
        return TestTokens.customer(CUSTOMER.value());
    }

    public static String orderAsJson(String lines) {
        return "{\"lines\":[" + lines + "],\"shippingAddress\":" + ADDRESS_AS_JSON
                + ",\"paymentMethod\":\"pm_card_visa\"}";
    }

    public static Money euros(String amount) {
        return Money.parse(amount, "EUR");
    }

    public static Address home() {
        return new Address("Ada Lovelace", "12 St James's Square", "London", "SW1Y 4JH", "GB");
    }

    public static RequestedLine wish(Sku sku, int pieces) {
        return new RequestedLine(sku, Quantity.of(pieces));
    }

    public static PlaceOrder placeOrder(RequestedLine... lines) {
        return new PlaceOrder(ORDER, CUSTOMER, List.of(lines), home(), CARD);
    }

    public static PlaceOrder placeOrder() {
        return placeOrder(wish(MUG, 2), wish(STOVE, 1));
    }

    public static OrderPlaced orderPlaced() {
        return orderPlaced(ORDER);
    }

    public static OrderPlaced orderPlaced(OrderId orderId) {
        return new OrderPlaced(
                orderId,
                CUSTOMER,
                List.of(
                        new OrderLine(MUG, Quantity.of(2), euros("12.50")),
                        new OrderLine(STOVE, Quantity.of(1), euros("49.00"))),
                euros("74.00"),
                home(),
                CARD);
    }

    public static List<StockLine> stockLines() {
        return List.of(new StockLine(MUG, Quantity.of(2)), new StockLine(STOVE, Quantity.of(1)));
    }

    public static OrderConfirmed orderConfirmed() {
        return new OrderConfirmed(ORDER);
    }

    public static OrderDispatched orderDispatched() {
        return new OrderDispatched(ORDER, SHIPMENT);
    }

    public static OrderRejected orderRejected(RejectionReason reason) {
        return new OrderRejected(ORDER, reason);
    }

    public static OrderCancelled orderCancelled() {
        return new OrderCancelled(ORDER);
    }

    public static CancellationRequested cancellationRequested() {
        return new CancellationRequested(ORDER, "changed my mind");
    }

    public static CompensationResumed compensationResumed() {
        return new CompensationResumed(ORDER);
    }

    public static PaymentRequested paymentRequested() {
        return new PaymentRequested(PAYMENT, ORDER, CUSTOMER, euros("74.00"), CARD);
    }

    public static PaymentCompleted paymentCompleted() {
        return paymentCompleted(ORDER);
    }

    public static PaymentCompleted paymentCompleted(OrderId orderId) {
        return new PaymentCompleted(PaymentId.forOrder(orderId), orderId, euros("74.00"), "ch_1");
    }

    public static PaymentFailed paymentFailed() {
        return new PaymentFailed(PAYMENT, ORDER, "card_declined");
    }

    public static PaymentRefunded paymentRefunded() {
        return paymentRefunded(ORDER);
    }

    public static PaymentRefunded paymentRefunded(OrderId orderId) {
        return new PaymentRefunded(PaymentId.forOrder(orderId), orderId, euros("74.00"));
    }

    public static PaymentVoided paymentVoided() {
        return new PaymentVoided(PAYMENT, ORDER);
    }

    public static RefundFailed refundFailed() {
        return new RefundFailed(PAYMENT, ORDER, "refused");
    }

    public static StockReserved stockReserved() {
        return stockReserved(ORDER);
    }

    public static StockReserved stockReserved(OrderId orderId) {
        return new StockReserved(orderId, stockLines());
    }

    public static StockReservationFailed stockReservationFailed() {
        return stockReservationFailed(ORDER);
    }

    public static StockReservationFailed stockReservationFailed(OrderId orderId) {
        return new StockReservationFailed(orderId, List.of());
    }

    public static StockReleased stockReleased() {
        return new StockReleased(ORDER, stockLines());
    }

    public static ShipmentCreated shipmentCreated() {
        return shipmentCreated(ORDER);
    }

    public static ShipmentCreated shipmentCreated(OrderId orderId) {
        return new ShipmentCreated(ShipmentId.forOrder(orderId), orderId, "TRACK-1");
    }

    public static ShipmentFailed shipmentFailed() {
        return new ShipmentFailed(SHIPMENT, ORDER, "no such place");
    }

    public static ShipmentCancelled shipmentCancelled() {
        return new ShipmentCancelled(SHIPMENT, ORDER);
    }

    public static ShipmentCancellationRefused shipmentCancellationRefused() {
        return new ShipmentCancellationRefused(SHIPMENT, ORDER);
    }

    public static ShipmentDispatched shipmentDispatched() {
        return shipmentDispatched(ORDER);
    }

    public static ShipmentDispatched shipmentDispatched(OrderId orderId) {
        return new ShipmentDispatched(ShipmentId.forOrder(orderId), orderId);
    }

    public static ShipmentDelivered shipmentDelivered() {
        return new ShipmentDelivered(SHIPMENT, ORDER);
    }
}
