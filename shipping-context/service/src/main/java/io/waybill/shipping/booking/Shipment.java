package io.waybill.shipping.booking;

import static org.axonframework.modelling.command.AggregateCreationPolicy.CREATE_IF_MISSING;
import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.tasks.Tasks;
import io.waybill.shipping.ShippingRejection;
import io.waybill.shipping.api.CancelShipment;
import io.waybill.shipping.api.ConfirmDelivery;
import io.waybill.shipping.api.CreateShipment;
import io.waybill.shipping.api.DispatchShipment;
import io.waybill.shipping.api.ShipmentCancellationRefused;
import io.waybill.shipping.api.ShipmentCancelled;
import io.waybill.shipping.api.ShipmentCreated;
import io.waybill.shipping.api.ShipmentDelivered;
import io.waybill.shipping.api.ShipmentDispatched;
import io.waybill.shipping.api.ShipmentFailed;
import io.waybill.shipping.api.ShipmentRequested;
import io.waybill.shipping.api.ShipmentStatus;
import io.waybill.shipping.booking.Carrier.BookingAnswer;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * The one shipment of an order. It is requested, then created or failed as the carrier answers; an operator dispatches
 * what was created, and confirms the delivery. A cancellation is final from the moment it is accepted: nothing is
 * dispatched any more, an answer to the booking that comes late changes nothing, and once the carrier took the booking
 * back the shipment is cancelled. After the dispatch a cancellation is refused, once.
 */
@Aggregate
class Shipment {

    private enum Stage {
        UNKNOWN,
        REQUESTED,
        CREATED,
        FAILED,
        CANCELLATION_REQUESTED,
        CANCELLED,
        DISPATCHED,
        DELIVERED
    }

    @AggregateIdentifier
    private ShipmentId id;

    private Stage stage = Stage.UNKNOWN;
    private @Nullable ShipmentRequested request;
    private boolean cancellationRefused;

    Shipment() {}

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void decide(CreateShipment command, Tasks tasks) {
        if (stage == Stage.UNKNOWN) {
            ShipmentRequested requested = new ShipmentRequested(
                    command.shipmentId(), command.orderId(), command.customerId(), command.address());
            apply(requested);
            tasks.enqueue(BookTask.QUEUE, command.shipmentId().value(), requested);
        }
    }

    @CommandHandler
    @Nullable
    ShipmentRequested decide(TakeUpBooking command) {
        return stage == Stage.REQUESTED ? request : null;
    }

    @CommandHandler
    void decide(RecordBookingAnswer command) {
        if (stage == Stage.REQUESTED) {
            switch (command.answer()) {
                case BookingAnswer.Booked(String trackingCode) ->
                    apply(new ShipmentCreated(id, orderId(), trackingCode));
                case BookingAnswer.Refused(String reason) -> apply(new ShipmentFailed(id, orderId(), reason));
            }
        }
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    void decide(CancelShipment command, Tasks tasks) {
        switch (stage) {
            case UNKNOWN, FAILED -> apply(new ShipmentCancelled(command.shipmentId(), command.orderId()));
            case REQUESTED, CREATED -> {
                apply(new ShipmentCancellationRequested(command.shipmentId(), command.orderId()));
                tasks.cancel(BookTask.QUEUE, command.shipmentId().value());
                tasks.enqueue(CancelTask.QUEUE, command.shipmentId().value());
            }
            case DISPATCHED, DELIVERED -> {
                if (!cancellationRefused) {
                    apply(new ShipmentCancellationRefused(command.shipmentId(), command.orderId()));
                }
            }
            case CANCELLATION_REQUESTED, CANCELLED -> {}
        }
    }

    @CommandHandler
    void decide(RecordCancellation command) {
        if (stage == Stage.CANCELLATION_REQUESTED) {
            apply(new ShipmentCancelled(id, orderId()));
        }
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    ShipmentStatus decide(DispatchShipment command) {
        return switch (stage) {
            case CREATED -> {
                apply(new ShipmentDispatched(id, orderId()));
                yield ShipmentStatus.DISPATCHED;
            }
            case DISPATCHED -> ShipmentStatus.DISPATCHED;
            case DELIVERED -> ShipmentStatus.DELIVERED;
            case REQUESTED -> throw notReady("The carrier has not accepted the parcel yet.");
            case FAILED -> throw notReady("The carrier refused the parcel.");
            case CANCELLATION_REQUESTED, CANCELLED ->
                throw new Rejection(ShippingRejection.SHIPMENT_CANCELLED, "The shipment is cancelled.");
            case UNKNOWN -> throw notFound(command.shipmentId());
        };
    }

    @CommandHandler
    @CreationPolicy(CREATE_IF_MISSING)
    ShipmentStatus decide(ConfirmDelivery command) {
        return switch (stage) {
            case DISPATCHED -> {
                apply(new ShipmentDelivered(id, orderId()));
                yield ShipmentStatus.DELIVERED;
            }
            case DELIVERED -> ShipmentStatus.DELIVERED;
            case REQUESTED, CREATED, FAILED, CANCELLATION_REQUESTED, CANCELLED ->
                throw new Rejection(
                        ShippingRejection.SHIPMENT_NOT_DISPATCHED, "The parcel was not handed to the carrier.");
            case UNKNOWN -> throw notFound(command.shipmentId());
        };
    }

    @EventSourcingHandler
    void evolve(ShipmentRequested event) {
        id = event.shipmentId();
        stage = Stage.REQUESTED;
        request = event;
    }

    @EventSourcingHandler
    void evolve(ShipmentCreated event) {
        stage = Stage.CREATED;
    }

    @EventSourcingHandler
    void evolve(ShipmentFailed event) {
        stage = Stage.FAILED;
    }

    @EventSourcingHandler
    void evolve(ShipmentCancellationRequested event) {
        stage = Stage.CANCELLATION_REQUESTED;
    }

    @EventSourcingHandler
    void evolve(ShipmentCancelled event) {
        id = event.shipmentId();
        stage = Stage.CANCELLED;
    }

    @EventSourcingHandler
    void evolve(ShipmentCancellationRefused event) {
        cancellationRefused = true;
    }

    @EventSourcingHandler
    void evolve(ShipmentDispatched event) {
        stage = Stage.DISPATCHED;
    }

    @EventSourcingHandler
    void evolve(ShipmentDelivered event) {
        stage = Stage.DELIVERED;
    }

    private OrderId orderId() {
        return Objects.requireNonNull(request, "a shipment that was never requested is unknown or cancelled")
                .orderId();
    }

    private static Rejection notReady(String detail) {
        return new Rejection(ShippingRejection.SHIPMENT_NOT_READY, detail);
    }

    private static Rejection notFound(ShipmentId shipmentId) {
        return new Rejection(ShippingRejection.SHIPMENT_NOT_FOUND, "There is no shipment " + shipmentId + ".");
    }
}
