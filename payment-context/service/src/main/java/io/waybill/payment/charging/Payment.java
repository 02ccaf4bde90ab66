package io.waybill.payment.charging;

import static org.axonframework.modelling.command.AggregateCreationPolicy.CREATE_IF_MISSING;
import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.messaging.tasks.Tasks;
import io.waybill.payment.api.PaymentCompleted;
import io.waybill.payment.api.PaymentFailed;
import io.waybill.payment.api.PaymentRefunded;
import io.waybill.payment.api.PaymentRequested;
import io.waybill.payment.api.PaymentVoided;
import io.waybill.payment.api.ProcessPayment;
import io.waybill.payment.api.RefundFailed;
import io.waybill.payment.api.RefundPayment;
import io.waybill.payment.api.RefundRequested;
import io.waybill.payment.charging.PaymentPartner.ChargeAnswer;
import io.waybill.payment.charging.PaymentPartner.RefundAnswer;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * The one payment of an order. It is requested, then completed or failed as the partner answers. Once a refund is
 * asked, only the partner's answer to the refund counts: what was charged is refunded, where nothing was the payment is
 * voided, and an answer to the charge that comes late changes nothing, because the partner charges nothing after it was
 * asked to refund. Refunded and voided are final; a refused refund waits to be asked again.
 */
@Aggregate
class Payment {

    private enum Stage {
        UNKNOWN,
        REQUESTED,
        COMPLETED,
        FAILED,
        REFUND_REQUESTED,
        REFUND_FAILED,
        SETTLED
    }

    @AggregateIdentifier
    private PaymentId id;

    private Stage stage = Stage.UNKNOWN;
    private @Nullable PaymentRequested request;
    private @Nullable RefundRequested refund;

    Payment() {}

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void decide(ProcessPayment command, Tasks tasks) {
        if (stage == Stage.UNKNOWN) {
            PaymentRequested requested = new PaymentRequested(
                    command.paymentId(),
                    command.orderId(),
                    command.customerId(),
                    command.amount(),
                    command.paymentMethod());
            apply(requested);
            tasks.enqueue(ChargeTask.QUEUE, command.paymentId().value(), requested);
        }
    }

    @CommandHandler
    @Nullable
    PaymentRequested decide(TakeUpCharge command) {
        return stage == Stage.REQUESTED ? request : null;
    }

    @CommandHandler
    void decide(RecordChargeAnswer command) {
        if (stage == Stage.REQUESTED) {
            PaymentRequested charge = request();
            switch (command.answer()) {
                case ChargeAnswer.Charged(String reference) ->
                    apply(new PaymentCompleted(id, charge.orderId(), charge.amount(), reference));
                case ChargeAnswer.Declined(String reason) -> apply(new PaymentFailed(id, charge.orderId(), reason));
            }
        }
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void decide(RefundPayment command, Tasks tasks) {
        switch (stage) {
            case UNKNOWN, FAILED -> apply(new PaymentVoided(command.paymentId(), command.orderId()));
            case REQUESTED -> {
                tasks.cancel(ChargeTask.QUEUE, command.paymentId().value());
                requestRefund(command, tasks);
            }
            case COMPLETED, REFUND_FAILED -> requestRefund(command, tasks);
            case REFUND_REQUESTED -> {
                if (command.operatorApproved() && !isApproved()) {
                    requestRefund(command, tasks);
                }
            }
            case SETTLED -> {}
        }
    }

    @CommandHandler
    @Nullable
    RefundRequested decide(TakeUpRefund command) {
        return stage == Stage.REFUND_REQUESTED ? refund : null;
    }

    @CommandHandler
    void decide(RecordRefundAnswer command) {
        if (stage != Stage.REFUND_REQUESTED && stage != Stage.REFUND_FAILED) {
            return;
        }
        OrderId orderId = request().orderId();
        switch (command.answer()) {
            case RefundAnswer.Refunded() ->
                apply(new PaymentRefunded(id, orderId, request().amount()));
            case RefundAnswer.NothingCharged() -> apply(new PaymentVoided(id, orderId));
            case RefundAnswer.Refused(String reason) -> {
                if (isOpen(command)) {
                    apply(new RefundFailed(id, orderId, reason));
                }
            }
        }
    }

    @EventSourcingHandler
    void evolve(PaymentRequested event) {
        id = event.paymentId();
        stage = Stage.REQUESTED;
        request = event;
    }

    @EventSourcingHandler
    void evolve(PaymentCompleted event) {
        stage = Stage.COMPLETED;
    }

    @EventSourcingHandler
    void evolve(PaymentFailed event) {
        stage = Stage.FAILED;
    }

    @EventSourcingHandler
    void evolve(RefundRequested event) {
        stage = Stage.REFUND_REQUESTED;
        refund = event;
    }

    @EventSourcingHandler
    void evolve(RefundFailed event) {
        stage = Stage.REFUND_FAILED;
    }

    @EventSourcingHandler
    void evolve(PaymentRefunded event) {
        stage = Stage.SETTLED;
    }

    @EventSourcingHandler
    void evolve(PaymentVoided event) {
        id = event.paymentId();
        stage = Stage.SETTLED;
    }

    private static void requestRefund(RefundPayment command, Tasks tasks) {
        apply(new RefundRequested(command.paymentId(), command.orderId(), command.operatorApproved()));
        tasks.enqueue(RefundTask.QUEUE, command.paymentId().value());
    }

    /**
     * A refusal from before an operator's approval says nothing about the approved refund, which is still to be asked.
     */
    private boolean isOpen(RecordRefundAnswer refusal) {
        return stage == Stage.REFUND_REQUESTED && refusal.operatorApproved() == isApproved();
    }

    private boolean isApproved() {
        return refund != null && refund.operatorApproved();
    }

    private PaymentRequested request() {
        return Objects.requireNonNull(request, "a payment that was never requested is unknown or voided");
    }
}
