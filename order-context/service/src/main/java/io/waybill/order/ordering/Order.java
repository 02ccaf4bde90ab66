package io.waybill.order.ordering;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.waybill.kernel.InvalidValueException;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;
import io.waybill.messaging.Rejection;
import io.waybill.order.OrderRejection;
import io.waybill.order.api.CancelOrder;
import io.waybill.order.api.CancellationRefused;
import io.waybill.order.api.CancellationRequested;
import io.waybill.order.api.CompensationResumed;
import io.waybill.order.api.CompensationStep;
import io.waybill.order.api.CompensationStuck;
import io.waybill.order.api.ConfirmOrder;
import io.waybill.order.api.OrderCancelled;
import io.waybill.order.api.OrderConfirmed;
import io.waybill.order.api.OrderDelivered;
import io.waybill.order.api.OrderDispatched;
import io.waybill.order.api.OrderPlaced;
import io.waybill.order.api.OrderRejected;
import io.waybill.order.api.PlaceOrder;
import io.waybill.order.api.RecordDelivery;
import io.waybill.order.api.RecordDispatch;
import io.waybill.order.api.RejectOrder;
import io.waybill.order.api.ReportStuckCompensation;
import io.waybill.order.api.RequestCancellation;
import io.waybill.order.api.ResumeCompensation;
import java.util.regex.Pattern;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * An order is placed, confirmed, dispatched and delivered. Until it is dispatched the customer may cancel it and we may
 * have to reject it; what was done for it is undone first, so both take a while. Undoing can get stuck until an
 * operator lets it go on. A parcel that left before its booking could be taken back refuses the cancellation.
 *
 * <p>Customers and operators are told why something is refused. The saga and the policies are not: what they ask after
 * it stopped to fit is ignored. Which of the two ends an order takes is the saga's to say: whoever gave up first, we
 * ({@link RejectOrder}) or the customer ({@link CancelOrder}).
 */
@Aggregate
class Order {

    private static final Pattern PAYMENT_METHOD = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final int LONGEST_REASON = 500;

    private enum Stage {
        NEW,
        PLACED,
        CONFIRMED,
        REJECTED,
        CANCELLED,
        DISPATCHED,
        DELIVERED
    }

    @AggregateIdentifier
    private OrderId id;

    private Stage stage = Stage.NEW;
    private boolean cancellationRequested;
    private @Nullable CompensationStep stuckAt;

    Order() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void decide(PlaceOrder command, PriceList priceList) {
        if (stage != Stage.NEW) {
            return;
        }
        if (!PAYMENT_METHOD.matcher(command.paymentMethod()).matches()) {
            throw new InvalidValueException("a payment method is 1 to 100 letters, digits and . _ -");
        }
        PricedLines priced = PricedLines.of(command.lines(), priceList);
        apply(new OrderPlaced(
                command.orderId(),
                command.customerId(),
                priced.lines(),
                priced.total(),
                command.shippingAddress(),
                command.paymentMethod()));
    }

    @CommandHandler
    void decide(RequestCancellation command) {
        switch (stage) {
            case DISPATCHED, DELIVERED ->
                throw new Rejection(OrderRejection.ORDER_ALREADY_DISPATCHED, "The parcel is already on its way");
            case REJECTED ->
                throw new Rejection(OrderRejection.ORDER_NOT_CANCELLABLE, "The order was already rejected");
            default -> {
                requireReason(command.reason());
                if (isOpen() && !cancellationRequested) {
                    apply(new CancellationRequested(id, command.reason().strip()));
                }
            }
        }
    }

    @CommandHandler
    void decide(ConfirmOrder command) {
        if (stage == Stage.PLACED && !cancellationRequested) {
            apply(new OrderConfirmed(id));
        }
    }

    @CommandHandler
    void decide(RejectOrder command) {
        if (isOpen()) {
            apply(new OrderRejected(id, command.reason()));
        }
    }

    @CommandHandler
    void decide(CancelOrder command) {
        if (isOpen()) {
            apply(new OrderCancelled(id));
        }
    }

    @CommandHandler
    void decide(ReportStuckCompensation command) {
        if (isOpen() && stuckAt != command.step()) {
            apply(new CompensationStuck(id, command.step()));
        }
    }

    @CommandHandler
    void decide(ResumeCompensation command) {
        if (stuckAt == null) {
            throw new Rejection(OrderRejection.COMPENSATION_NOT_STUCK, "There is nothing stuck to resume");
        }
        apply(new CompensationResumed(id));
    }

    @CommandHandler
    void decide(RecordDispatch command) {
        dispatch(command.shipmentId());
    }

    /** News of the delivery may overtake the news of the dispatch: they come by different policies. */
    @CommandHandler
    void decide(RecordDelivery command) {
        dispatch(command.shipmentId());
        if (stage == Stage.DISPATCHED) {
            apply(new OrderDelivered(id, command.shipmentId()));
        }
    }

    private void dispatch(ShipmentId shipmentId) {
        if (!isOpen()) {
            return;
        }
        if (cancellationRequested) {
            apply(new CancellationRefused(id));
        }
        apply(new OrderDispatched(id, shipmentId));
    }

    private boolean isOpen() {
        return stage == Stage.PLACED || stage == Stage.CONFIRMED;
    }

    private static void requireReason(String reason) {
        boolean readable = reason.length() <= LONGEST_REASON
                && !reason.isBlank()
                && reason.chars().noneMatch(Character::isISOControl);
        if (!readable) {
            throw new InvalidValueException("a reason is 1 to " + LONGEST_REASON + " printable characters");
        }
    }

    @EventSourcingHandler
    void evolve(OrderPlaced event) {
        id = event.orderId();
        stage = Stage.PLACED;
    }

    @EventSourcingHandler
    void evolve(CancellationRequested event) {
        cancellationRequested = true;
    }

    @EventSourcingHandler
    void evolve(CancellationRefused event) {
        cancellationRequested = false;
    }

    @EventSourcingHandler
    void evolve(OrderConfirmed event) {
        stage = Stage.CONFIRMED;
    }

    @EventSourcingHandler
    void evolve(OrderRejected event) {
        stage = Stage.REJECTED;
        stuckAt = null;
    }

    @EventSourcingHandler
    void evolve(OrderCancelled event) {
        stage = Stage.CANCELLED;
        stuckAt = null;
    }

    @EventSourcingHandler
    void evolve(CompensationStuck event) {
        stuckAt = event.step();
    }

    @EventSourcingHandler
    void evolve(CompensationResumed event) {
        stuckAt = null;
    }

    @EventSourcingHandler
    void evolve(OrderDispatched event) {
        stage = Stage.DISPATCHED;
        stuckAt = null;
    }

    @EventSourcingHandler
    void evolve(OrderDelivered event) {
        stage = Stage.DELIVERED;
    }
}
