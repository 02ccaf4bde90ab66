package io.waybill.simulation;

import io.waybill.kernel.OrderId;
import io.waybill.messaging.Rejection;
import io.waybill.order.api.CompensationResumed;
import io.waybill.order.api.CompensationStep;
import io.waybill.order.api.CompensationStuck;
import io.waybill.order.api.OrderCancelled;
import io.waybill.order.api.OrderDispatched;
import io.waybill.order.api.OrderRejected;
import io.waybill.order.api.RequestCancellation;
import io.waybill.order.api.ResumeCompensation;
import io.waybill.shipping.api.ConfirmDelivery;
import io.waybill.shipping.api.DispatchShipment;
import io.waybill.shipping.api.ShipmentCreated;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** The customer and the operators of one order: they ask again until they are answered, and remember the answer. */
final class People {

    enum Answer {
        ACCEPTED,
        REFUSED
    }

    private final Plan plan;
    private final Context order;
    private final Context shipping;
    private final Faults faults;
    private boolean placed;
    private @Nullable Answer cancellation;
    private @Nullable Answer dispatch;
    private @Nullable Answer delivery;
    private int resumes;
    private @Nullable CompensationStep helpedAt;

    People(Plan plan, Context order, Context shipping, Faults faults) {
        this.plan = plan;
        this.order = order;
        this.shipping = shipping;
        this.faults = faults;
    }

    Plan plan() {
        return plan;
    }

    boolean wasCancellationAccepted() {
        return cancellation == Answer.ACCEPTED;
    }

    boolean wasDispatchAccepted() {
        return dispatch == Answer.ACCEPTED;
    }

    boolean wasDeliveryAccepted() {
        return delivery == Answer.ACCEPTED;
    }

    /** Whether an operator let it go on where it is stuck again, though nothing went wrong any more. */
    boolean wasHelpedInVain() {
        return helpedAt != null && helpedAt == stuckAt(order, plan.orderId());
    }

    boolean wantsToPlace() {
        return !placed;
    }

    void place() {
        faults.note(() -> "the customer places " + plan);
        order.ask(plan.wish());
        // Who got an answer may have been asked twice by an impatient browser.
        placed = !faults.choices().chance(faults.knobs().duplicate());
    }

    boolean wantsToCancel(int steps) {
        return placed && plan.cancelAfter() != Plan.NEVER && cancellation == null && steps >= plan.cancelAfter();
    }

    void cancel() {
        faults.note(() -> "the customer cancels " + plan.orderId());
        cancellation = answer(order, new RequestCancellation(plan.orderId(), "changed my mind"));
    }

    boolean wantsToDispatch(int steps) {
        return placed
                && plan.dispatchAfter() != Plan.NEVER
                && dispatch == null
                && steps >= plan.dispatchAfter()
                && shipping.stream.has(plan.shipmentId().value(), ShipmentCreated.class);
    }

    void dispatch() {
        faults.note(() -> "an operator dispatches " + plan.shipmentId());
        dispatch = answer(shipping, new DispatchShipment(plan.shipmentId()));
    }

    boolean wantsToDeliver() {
        return plan.delivers() && dispatch == Answer.ACCEPTED && delivery == null;
    }

    void deliver() {
        faults.note(() -> "the parcel " + plan.shipmentId() + " arrives");
        delivery = answer(shipping, new ConfirmDelivery(plan.shipmentId()));
    }

    boolean wantsToResume() {
        return resumes < plan.resumes() && isStuck(order, plan.orderId());
    }

    void resume() {
        faults.note(() -> "an operator resumes " + plan.orderId());
        resumes++;
        helpedAt = faults.isCalm() ? stuckAt(order, plan.orderId()) : null;
        answer(order, new ResumeCompensation(plan.orderId()));
    }

    static boolean isStuck(Context order, OrderId orderId) {
        return stuckAt(order, orderId) != null;
    }

    private static @Nullable CompensationStep stuckAt(Context order, OrderId orderId) {
        List<DomainEventMessage<?>> events = order.stream.of(orderId.value());
        for (int i = events.size() - 1; i >= 0; i--) {
            switch (events.get(i).getPayload()) {
                case CompensationStuck stuck -> {
                    return stuck.step();
                }
                case CompensationResumed resumed -> {
                    return null;
                }
                case OrderDispatched dispatched -> {
                    return null;
                }
                case OrderRejected rejected -> {
                    return null;
                }
                case OrderCancelled cancelled -> {
                    return null;
                }
                default -> {}
            }
        }
        return null;
    }

    private Answer answer(Context context, Object command) {
        try {
            context.ask(command);
            return Answer.ACCEPTED;
        } catch (Rejection e) {
            faults.note(() -> "  but it is refused: " + e.code());
            return Answer.REFUSED;
        }
    }
}
