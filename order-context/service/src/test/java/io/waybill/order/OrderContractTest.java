package io.waybill.order;

import static io.waybill.order.OrderFixtures.CARD;
import static io.waybill.order.OrderFixtures.CUSTOMER;
import static io.waybill.order.OrderFixtures.ORDER;
import static io.waybill.order.OrderFixtures.PAYMENT;
import static io.waybill.order.OrderFixtures.SHIPMENT;
import static io.waybill.order.OrderFixtures.cancellationRequested;
import static io.waybill.order.OrderFixtures.euros;
import static io.waybill.order.OrderFixtures.orderPlaced;
import static io.waybill.order.OrderFixtures.placeOrder;

import io.waybill.messaging.WaybillJson;
import io.waybill.order.api.CancelOrder;
import io.waybill.order.api.CancellationRefused;
import io.waybill.order.api.CompensationResumed;
import io.waybill.order.api.CompensationStep;
import io.waybill.order.api.CompensationStuck;
import io.waybill.order.api.ConfirmOrder;
import io.waybill.order.api.FindOrder;
import io.waybill.order.api.FindOrderHistory;
import io.waybill.order.api.FindOrders;
import io.waybill.order.api.FollowOrder;
import io.waybill.order.api.ListOrders;
import io.waybill.order.api.OrderCancelled;
import io.waybill.order.api.OrderCommand;
import io.waybill.order.api.OrderConfirmed;
import io.waybill.order.api.OrderDelivered;
import io.waybill.order.api.OrderDispatched;
import io.waybill.order.api.OrderEvent;
import io.waybill.order.api.OrderHistoryEntry;
import io.waybill.order.api.OrderRejected;
import io.waybill.order.api.OrderStatus;
import io.waybill.order.api.OrderSummary;
import io.waybill.order.api.PaymentSummary;
import io.waybill.order.api.RecordDelivery;
import io.waybill.order.api.RecordDispatch;
import io.waybill.order.api.RejectOrder;
import io.waybill.order.api.RejectionReason;
import io.waybill.order.api.ReportStuckCompensation;
import io.waybill.order.api.RequestCancellation;
import io.waybill.order.api.ResumeCompensation;
import io.waybill.order.api.ShipmentSummary;
import io.waybill.testing.ContractSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OrderContractTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void the_published_language_is_what_was_agreed() {
        ContractSnapshot.of(WaybillJson.mapper())
                .verify(
                        List.of(
                                OrderCommand.class,
                                OrderEvent.class,
                                FindOrder.class,
                                FindOrders.class,
                                ListOrders.class,
                                FindOrderHistory.class,
                                FollowOrder.class,
                                OrderSummary.class,
                                OrderHistoryEntry.class),
                        List.of(
                                placeOrder(),
                                new RequestCancellation(ORDER, "changed my mind"),
                                new ConfirmOrder(ORDER),
                                new RejectOrder(ORDER, RejectionReason.OUT_OF_STOCK),
                                new CancelOrder(ORDER),
                                new ReportStuckCompensation(ORDER, CompensationStep.REFUND_PAYMENT),
                                new ResumeCompensation(ORDER),
                                new RecordDispatch(ORDER, SHIPMENT),
                                new RecordDelivery(ORDER, SHIPMENT),
                                orderPlaced(),
                                cancellationRequested(),
                                new CancellationRefused(ORDER),
                                new OrderConfirmed(ORDER),
                                new OrderRejected(ORDER, RejectionReason.OUT_OF_STOCK),
                                new OrderCancelled(ORDER),
                                new CompensationStuck(ORDER, CompensationStep.REFUND_PAYMENT),
                                new CompensationResumed(ORDER),
                                new OrderDispatched(ORDER, SHIPMENT),
                                new OrderDelivered(ORDER, SHIPMENT),
                                new FindOrder(ORDER),
                                new FindOrders(Set.of(ORDER)),
                                new ListOrders(CUSTOMER, ORDER, 20),
                                new FindOrderHistory(ORDER),
                                new FollowOrder(ORDER, "1234:567"),
                                orderSummary(),
                                new OrderHistoryEntry(
                                        "7:42",
                                        "7f1f1a0e",
                                        "/waybill/payment",
                                        "waybill.payment.PaymentRequested.v1",
                                        NOON,
                                        PAYMENT.value(),
                                        Map.of("paymentMethod", CARD),
                                        "4bf92f3577b34da6a3ce929d0e0e4736",
                                        true)));
    }

    private static OrderSummary orderSummary() {
        return new OrderSummary(
                ORDER,
                CUSTOMER,
                OrderStatus.REJECTED,
                RejectionReason.SHIPMENT_REFUSED,
                orderPlaced().lines(),
                euros("74.00"),
                new PaymentSummary(PAYMENT, PaymentSummary.Status.REFUNDED),
                new ShipmentSummary(SHIPMENT, ShipmentSummary.Status.FAILED, "TRACK-1"),
                NOON,
                NOON);
    }
}
