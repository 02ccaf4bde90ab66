package io.waybill.order.fulfilment;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.waybill.inventory.api.ReleaseStock;
import io.waybill.inventory.api.ReserveStock;
import io.waybill.inventory.api.StockLine;
import io.waybill.inventory.api.StockReleased;
import io.waybill.inventory.api.StockReservationFailed;
import io.waybill.inventory.api.StockReserved;
import io.waybill.kernel.Command;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.ShipmentId;
import io.waybill.messaging.Deadlines;
import io.waybill.order.api.CancelOrder;
import io.waybill.order.api.CancellationRequested;
import io.waybill.order.api.CompensationResumed;
import io.waybill.order.api.ConfirmOrder;
import io.waybill.order.api.OrderPlaced;
import io.waybill.order.api.RejectOrder;
import io.waybill.order.api.RejectionReason;
import io.waybill.order.api.ReportStuckCompensation;
import io.waybill.payment.api.PaymentCompleted;
import io.waybill.payment.api.PaymentFailed;
import io.waybill.payment.api.PaymentRefunded;
import io.waybill.payment.api.PaymentVoided;
import io.waybill.payment.api.ProcessPayment;
import io.waybill.payment.api.RefundFailed;
import io.waybill.payment.api.RefundPayment;
import io.waybill.shipping.api.CancelShipment;
import io.waybill.shipping.api.CreateShipment;
import io.waybill.shipping.api.ShipmentCancellationRefused;
import io.waybill.shipping.api.ShipmentCancelled;
import io.waybill.shipping.api.ShipmentCreated;
import io.waybill.shipping.api.ShipmentDispatched;
import io.waybill.shipping.api.ShipmentFailed;
import java.time.Duration;
import java.util.List;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;

/**
 * Carries one order through payment, stock and shipment.
 *
 * <table>
 *   <caption>The steps, and what undoes them</caption>
 *   <tr><th>#</th><th>when</th><th>forward command</th><th>waits for</th><th>walking back</th></tr>
 *   <tr><td>1</td><td>OrderPlaced</td><td>ProcessPayment</td><td>PaymentCompleted / PaymentFailed</td>
 *       <td>RefundPayment</td></tr>
 *   <tr><td>2</td><td>PaymentCompleted</td><td>ReserveStock</td><td>StockReserved / StockReservationFailed</td>
 *       <td>ReleaseStock</td></tr>
 *   <tr><td>3</td><td>StockReserved</td><td>CreateShipment</td><td>ShipmentCreated / ShipmentFailed</td>
 *       <td>CancelShipment</td></tr>
 *   <tr><td>4</td><td>ShipmentCreated</td><td>ConfirmOrder</td><td>ShipmentDispatched, the point of no return</td>
 *       <td>-</td></tr>
 * </table>
 *
 * <p>A step that failed, or that the customer no longer wants, walks back over every step that may have happened, in
 * reverse order, each compensation awaited. Then the order is rejected if we gave up first, or cancelled if the
 * customer did. Every wait but the one for the dispatch has a deadline, which comes back as an event of the stream.
 * Silence sends the command again, and when patience is used up the silent step itself is undone too. A compensation
 * that cannot be had waits for an operator; its answer is still welcome meanwhile.
 *
 * <p>All commands are idempotent, so a batch of events that is repeated after a crash repeats the same commands.
 */
@Saga
@ProcessingGroup("order.fulfilment")
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public class OrderFulfilment {

    private enum Waiting {
        FOR_ANSWER,
        FOR_RETRY,
        FOR_OPERATOR
    }

    /** A deadline that goes off no later than this was heard in time: alarms are looked for every second. */
    private static final Duration IN_TIME = Duration.ofSeconds(2);

    @SuppressWarnings("NullAway.Init")
    private OrderPlaced order;

    private Step step = Step.PAYMENT;
    private Waiting waiting = Waiting.FOR_ANSWER;

    /** How often the current step's command was sent; never starts anew within a step. */
    private int attempt;

    private int silences;
    private int refusals;
    private boolean operatorApproved;

    /** Why we gave up; none while all is well, and none if it was the customer. */
    private @Nullable RejectionReason reason;

    // Forward

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderPlaced event, Collaborators with) {
        order = event;
        proceedTo(Step.PAYMENT, with);
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentCompleted event, Collaborators with) {
        if (step == Step.PAYMENT) {
            proceedTo(Step.STOCK, with);
        } else {
            undoLate(Step.REFUND_PAYMENT, with);
        }
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(StockReserved event, Collaborators with) {
        if (step == Step.STOCK) {
            proceedTo(Step.SHIPMENT, with);
        } else {
            undoLate(Step.RELEASE_STOCK, with);
        }
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(ShipmentCreated event, Collaborators with) {
        if (step == Step.SHIPMENT) {
            awaitDispatch(with);
        } else {
            undoLate(Step.CANCEL_SHIPMENT, with);
        }
    }

    /** Ends a walk back that has just begun, too: the parcel left before its booking was taken back. */
    @SagaEventHandler(associationProperty = "orderId")
    void on(ShipmentDispatched event, Collaborators with) {
        if (step.compensation() == Step.CANCEL_SHIPMENT) {
            end(with);
        }
    }

    // Backward

    @SagaEventHandler(associationProperty = "orderId")
    void on(CancellationRequested event, Collaborators with) {
        if (step.isForward()) {
            proceedTo(step.compensation(), with);
        }
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentFailed event, Collaborators with) {
        if (step == Step.PAYMENT) {
            reason = RejectionReason.PAYMENT_DECLINED;
            close(with);
        } else if (step == Step.REFUND_PAYMENT) {
            close(with);
        }
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(StockReservationFailed event, Collaborators with) {
        if (step == Step.STOCK) {
            reason = RejectionReason.OUT_OF_STOCK;
            proceedTo(Step.REFUND_PAYMENT, with);
        } else if (step == Step.RELEASE_STOCK) {
            proceedTo(Step.REFUND_PAYMENT, with);
        }
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(ShipmentFailed event, Collaborators with) {
        if (step == Step.SHIPMENT) {
            reason = RejectionReason.SHIPMENT_REFUSED;
            proceedTo(Step.RELEASE_STOCK, with);
        } else if (step == Step.CANCEL_SHIPMENT) {
            proceedTo(Step.RELEASE_STOCK, with);
        }
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(ShipmentCancelled event, Collaborators with) {
        if (step == Step.CANCEL_SHIPMENT) {
            proceedTo(Step.RELEASE_STOCK, with);
        }
    }

    /** The parcel left before its booking was taken back: the order goes on. */
    @SagaEventHandler(associationProperty = "orderId")
    void on(ShipmentCancellationRefused event, Collaborators with) {
        if (step == Step.CANCEL_SHIPMENT) {
            end(with);
        }
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(StockReleased event, Collaborators with) {
        if (step == Step.RELEASE_STOCK) {
            proceedTo(Step.REFUND_PAYMENT, with);
        }
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentRefunded event, Collaborators with) {
        closeIfRefunding(with);
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(PaymentVoided event, Collaborators with) {
        closeIfRefunding(with);
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(RefundFailed event, Collaborators with) {
        if (step != Step.REFUND_PAYMENT || waiting != Waiting.FOR_ANSWER) {
            return;
        }
        if (refusals < with.settings().compensationRetries()) {
            pause(with);
        } else {
            callOperator(with);
        }
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(CompensationResumed event, Collaborators with) {
        if (waiting == Waiting.FOR_OPERATOR) {
            operatorApproved = step == Step.REFUND_PAYMENT;
            silences = 0;
            refusals = 0;
            sendAndAwaitAnswer(with);
        }
    }

    // Silence

    @SagaEventHandler(associationProperty = "orderId")
    void on(AnswerOverdue event, @MetaDataValue(Deadlines.LATE_MILLIS) Long lateMillis, Collaborators with) {
        if (waiting != Waiting.FOR_ANSWER || isStale(event)) {
            return;
        }
        if (wasMissed(lateMillis)) {
            sendAndAwaitAnswer(with);
        } else if (silences < with.settings().patience()) {
            silences++;
            with.meters().repeated(step);
            sendAndAwaitAnswer(with);
        } else if (step.isForward()) {
            reason = RejectionReason.TIMED_OUT;
            proceedTo(step.compensation(), with);
        } else {
            callOperator(with);
        }
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(RetryDue event, Collaborators with) {
        if (waiting == Waiting.FOR_RETRY && !isStale(event)) {
            sendAndAwaitAnswer(with);
        }
    }

    /** Whether we ourselves were away when it fell due: then the answer may have been kept waiting too. */
    private static boolean wasMissed(long lateMillis) {
        return lateMillis > IN_TIME.toMillis();
    }

    private boolean isStale(FulfilmentEvent event) {
        return event.step() != step || event.attempt() != attempt;
    }

    /** An answer that comes after its step was or is being undone: undo again, lest the two missed each other. */
    private void undoLate(Step compensation, Collaborators with) {
        if (step.compareTo(compensation) >= 0) {
            with.commands().send(commandFor(compensation));
        }
    }

    // What the three sections have in common

    private void proceedTo(Step next, Collaborators with) {
        step = next;
        attempt = 0;
        silences = 0;
        refusals = 0;
        with.meters().began(step);
        sendAndAwaitAnswer(with);
    }

    private void sendAndAwaitAnswer(Collaborators with) {
        waiting = Waiting.FOR_ANSWER;
        attempt++;
        Duration wait = with.settings().waitAfter(silences);
        with.commands().send(commandFor(step));
        with.deadlines().arm(deadline(), wait, new AnswerOverdue(order.orderId(), step, attempt));
    }

    private void awaitDispatch(Collaborators with) {
        step = Step.DISPATCH;
        with.meters().began(step);
        with.deadlines().disarm(deadline());
        with.commands().send(commandFor(step));
    }

    private void pause(Collaborators with) {
        waiting = Waiting.FOR_RETRY;
        Duration wait = with.settings().waitAfter(refusals);
        refusals++;
        with.deadlines().arm(deadline(), wait, new RetryDue(order.orderId(), step, attempt));
    }

    private void callOperator(Collaborators with) {
        waiting = Waiting.FOR_OPERATOR;
        with.meters().stuck(step);
        with.deadlines().disarm(deadline());
        with.commands().send(new ReportStuckCompensation(order.orderId(), step.published()));
    }

    private void closeIfRefunding(Collaborators with) {
        if (step == Step.REFUND_PAYMENT) {
            close(with);
        }
    }

    private void close(Collaborators with) {
        OrderId orderId = order.orderId();
        with.commands().send(reason == null ? new CancelOrder(orderId) : new RejectOrder(orderId, reason));
        end(with);
    }

    private void end(Collaborators with) {
        with.deadlines().disarm(deadline());
        SagaLifecycle.end();
    }

    private String deadline() {
        return "order.fulfilment/" + order.orderId();
    }

    private Command commandFor(Step asked) {
        OrderId orderId = order.orderId();
        PaymentId paymentId = PaymentId.forOrder(orderId);
        ShipmentId shipmentId = ShipmentId.forOrder(orderId);
        return switch (asked) {
            case PAYMENT ->
                new ProcessPayment(paymentId, orderId, order.customerId(), order.total(), order.paymentMethod());
            case STOCK -> new ReserveStock(orderId, stockLines());
            case SHIPMENT -> new CreateShipment(shipmentId, orderId, order.customerId(), order.shippingAddress());
            case DISPATCH -> new ConfirmOrder(orderId);
            case CANCEL_SHIPMENT -> new CancelShipment(shipmentId, orderId);
            case RELEASE_STOCK -> new ReleaseStock(orderId);
            case REFUND_PAYMENT -> new RefundPayment(paymentId, orderId, operatorApproved);
        };
    }

    private List<StockLine> stockLines() {
        return order.lines().stream()
                .map(line -> new StockLine(line.sku(), line.quantity()))
                .toList();
    }
}
