package io.waybill.order.tracking;

import static io.waybill.order.api.OrderStatus.CANCELLED;
import static io.waybill.order.api.OrderStatus.CANCELLING;
import static io.waybill.order.api.OrderStatus.COMPENSATION_STUCK;
import static io.waybill.order.api.OrderStatus.CONFIRMED;
import static io.waybill.order.api.OrderStatus.DELIVERED;
import static io.waybill.order.api.OrderStatus.DISPATCHED;
import static io.waybill.order.api.OrderStatus.PAID;
import static io.waybill.order.api.OrderStatus.PLACED;
import static io.waybill.order.api.OrderStatus.RESERVED;

import io.waybill.inventory.api.StockReserved;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.SafeToReapply;
import io.waybill.order.api.CancellationRequested;
import io.waybill.order.api.CompensationResumed;
import io.waybill.order.api.CompensationStuck;
import io.waybill.order.api.OrderCancelled;
import io.waybill.order.api.OrderConfirmed;
import io.waybill.order.api.OrderDelivered;
import io.waybill.order.api.OrderDispatched;
import io.waybill.order.api.OrderPlaced;
import io.waybill.order.api.OrderRejected;
import io.waybill.order.api.OrderStatus;
import io.waybill.order.api.PaymentSummary;
import io.waybill.order.api.ShipmentSummary;
import io.waybill.payment.api.PaymentCompleted;
import io.waybill.payment.api.PaymentEvent;
import io.waybill.payment.api.PaymentFailed;
import io.waybill.payment.api.PaymentRefunded;
import io.waybill.payment.api.PaymentRequested;
import io.waybill.payment.api.PaymentVoided;
import io.waybill.payment.api.RefundFailed;
import io.waybill.payment.api.RefundRequested;
import io.waybill.shipping.api.ShipmentCancelled;
import io.waybill.shipping.api.ShipmentCreated;
import io.waybill.shipping.api.ShipmentDelivered;
import io.waybill.shipping.api.ShipmentDispatched;
import io.waybill.shipping.api.ShipmentFailed;
import io.waybill.shipping.api.ShipmentRequested;
import io.waybill.shipping.api.ShippingEvent;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.stereotype.Component;

/**
 * How every order stands, drawn from its own events and from the other contexts' news of it. Every change of status
 * names the statuses it may follow, so that news from elsewhere never takes an order back that is being undone, and
 * hearing old news again leaves it where it is in the end.
 */
@Component
@ProcessingGroup("order.tracking")
@SafeToReapply
class OrderSummaryProjection {

    private static final Set<OrderStatus> UNDER_WAY = EnumSet.of(PLACED, PAID, RESERVED);
    private static final Set<OrderStatus> BEFORE_DISPATCH = EnumSet.of(PLACED, PAID, RESERVED, CONFIRMED);
    private static final Set<OrderStatus> OPEN =
            EnumSet.of(PLACED, PAID, RESERVED, CONFIRMED, CANCELLING, COMPENSATION_STUCK);

    private final OrderSummaries orders;

    OrderSummaryProjection(OrderSummaries orders) {
        this.orders = orders;
    }

    @EventHandler
    void on(OrderPlaced event, @Timestamp Instant at) {
        orders.add(event, at);
    }

    @EventHandler
    void on(OrderConfirmed event, @Timestamp Instant at) {
        orders.move(event.orderId(), UNDER_WAY, CONFIRMED, at);
    }

    @EventHandler
    void on(OrderDispatched event, @Timestamp Instant at) {
        orders.move(event.orderId(), OPEN, DISPATCHED, at);
    }

    @EventHandler
    void on(OrderDelivered event, @Timestamp Instant at) {
        orders.move(event.orderId(), EnumSet.of(DISPATCHED), DELIVERED, at);
    }

    @EventHandler
    void on(CancellationRequested event, @Timestamp Instant at) {
        orders.move(event.orderId(), BEFORE_DISPATCH, CANCELLING, at);
    }

    @EventHandler
    void on(CompensationStuck event, @Timestamp Instant at) {
        orders.move(event.orderId(), OPEN, COMPENSATION_STUCK, at);
    }

    @EventHandler
    void on(CompensationResumed event, @Timestamp Instant at) {
        orders.move(event.orderId(), EnumSet.of(COMPENSATION_STUCK), CANCELLING, at);
    }

    @EventHandler
    void on(OrderRejected event, @Timestamp Instant at) {
        orders.reject(event.orderId(), OPEN, event.reason(), at);
    }

    @EventHandler
    void on(OrderCancelled event, @Timestamp Instant at) {
        orders.move(event.orderId(), OPEN, CANCELLED, at);
    }

    @EventHandler
    void on(StockReserved event, @Timestamp Instant at) {
        orders.move(event.orderId(), EnumSet.of(PLACED, PAID), RESERVED, at);
    }

    @EventHandler
    void on(PaymentRequested event, @Timestamp Instant at) {
        payment(event, PaymentSummary.Status.REQUESTED, at);
    }

    @EventHandler
    void on(PaymentCompleted event, @Timestamp Instant at) {
        payment(event, PaymentSummary.Status.COMPLETED, at);
        orders.move(event.orderId(), EnumSet.of(PLACED), PAID, at);
    }

    @EventHandler
    void on(PaymentFailed event, @Timestamp Instant at) {
        payment(event, PaymentSummary.Status.FAILED, at);
    }

    @EventHandler
    void on(RefundRequested event, @Timestamp Instant at) {
        payment(event, PaymentSummary.Status.REFUND_REQUESTED, at);
    }

    @EventHandler
    void on(RefundFailed event, @Timestamp Instant at) {
        payment(event, PaymentSummary.Status.REFUND_FAILED, at);
    }

    @EventHandler
    void on(PaymentRefunded event, @Timestamp Instant at) {
        payment(event, PaymentSummary.Status.REFUNDED, at);
    }

    @EventHandler
    void on(PaymentVoided event, @Timestamp Instant at) {
        payment(event, PaymentSummary.Status.VOIDED, at);
    }

    @EventHandler
    void on(ShipmentRequested event, @Timestamp Instant at) {
        shipment(event, ShipmentSummary.Status.REQUESTED, at);
    }

    @EventHandler
    void on(ShipmentCreated event, @Timestamp Instant at) {
        orders.record(event.orderId(), event.shipmentId(), ShipmentSummary.Status.CREATED, event.trackingCode(), at);
    }

    @EventHandler
    void on(ShipmentFailed event, @Timestamp Instant at) {
        shipment(event, ShipmentSummary.Status.FAILED, at);
    }

    @EventHandler
    void on(ShipmentCancelled event, @Timestamp Instant at) {
        shipment(event, ShipmentSummary.Status.CANCELLED, at);
    }

    @EventHandler
    void on(ShipmentDispatched event, @Timestamp Instant at) {
        shipment(event, ShipmentSummary.Status.DISPATCHED, at);
    }

    @EventHandler
    void on(ShipmentDelivered event, @Timestamp Instant at) {
        shipment(event, ShipmentSummary.Status.DELIVERED, at);
    }

    @ResetHandler
    void reset() {
        orders.clear();
    }

    private void payment(PaymentEvent event, PaymentSummary.Status status, Instant at) {
        orders.record(event.orderId(), new PaymentSummary(event.paymentId(), status), at);
    }

    private void shipment(ShippingEvent event, ShipmentSummary.Status status, Instant at) {
        OrderId orderId = event.orderId();
        orders.record(orderId, event.shipmentId(), status, at);
    }
}
