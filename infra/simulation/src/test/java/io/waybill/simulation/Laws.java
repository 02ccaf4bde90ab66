package io.waybill.simulation;

import io.waybill.inventory.api.StockCommitted;
import io.waybill.inventory.api.StockReleased;
import io.waybill.inventory.api.StockReservationFailed;
import io.waybill.inventory.api.StockReserved;
import io.waybill.inventory.stock.SimulatedStock;
import io.waybill.kernel.Event;
import io.waybill.kernel.Sku;
import io.waybill.order.api.CancellationRefused;
import io.waybill.order.api.CancellationRequested;
import io.waybill.order.api.CompensationStep;
import io.waybill.order.api.CompensationStuck;
import io.waybill.order.api.OrderCancelled;
import io.waybill.order.api.OrderConfirmed;
import io.waybill.order.api.OrderDelivered;
import io.waybill.order.api.OrderDispatched;
import io.waybill.order.api.OrderPlaced;
import io.waybill.order.api.OrderRejected;
import io.waybill.payment.api.PaymentCompleted;
import io.waybill.payment.api.PaymentFailed;
import io.waybill.payment.api.PaymentRefunded;
import io.waybill.payment.api.PaymentVoided;
import io.waybill.payment.api.RefundFailed;
import io.waybill.payment.sandbox.SimulatedPartner.Moved;
import io.waybill.shipping.api.ShipmentCancellationRefused;
import io.waybill.shipping.api.ShipmentCancelled;
import io.waybill.shipping.api.ShipmentCreated;
import io.waybill.shipping.api.ShipmentDelivered;
import io.waybill.shipping.api.ShipmentDispatched;
import io.waybill.shipping.api.ShipmentFailed;
import io.waybill.shipping.sandbox.SimulatedCarrier.Booked;
import io.waybill.simulation.ContextStream.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** What must always be true of a world in which nothing is left to do. */
final class Laws {

    /** Where an order can rest. */
    enum Rest {
        CONFIRMED,
        DISPATCHED,
        DELIVERED,
        REJECTED,
        CANCELLED,
        STUCK;

        boolean isSold() {
            return this == CONFIRMED || this == DISPATCHED || this == DELIVERED;
        }

        boolean isUndone() {
            return this == REJECTED || this == CANCELLED;
        }

        boolean isFinal() {
            return this != CONFIRMED && this != STUCK;
        }
    }

    private final World world;

    private Laws(World world) {
        this.world = world;
    }

    static void check(World world) {
        Laws laws = new Laws(world);
        laws.nothingIsLeftBehind();
        laws.everyEventReachesItsConsumersOnceAndInOrder();
        for (Context context : List.of(world.order, world.payment, world.inventory, world.shipping)) {
            laws.sequencesHaveNoHoleAndNoDuplicate(context);
        }
        Map<People, Rest> rests = new LinkedHashMap<>();
        for (People people : world.people()) {
            Rest rest = laws.restOf(people.plan());
            rests.put(people, rest);
            laws.moneyOf(people.plan(), rest);
            laws.shipmentOf(people.plan(), rest);
            laws.reservationOf(people.plan(), rest);
            laws.whatPeopleWereToldIsTrue(people, rest);
        }
        laws.moneyOfAll(rests);
        laws.stockOfAll();
    }

    // Transport

    private void nothingIsLeftBehind() {
        for (Context context : List.of(world.order, world.payment, world.inventory, world.shipping)) {
            require(context.tasks.isEmpty(), "tasks of " + context.name + " are left");
            require(!context.alarms.isArmed(), "alarms of " + context.name + " are left");
        }
    }

    private void everyEventReachesItsConsumersOnceAndInOrder() {
        for (Context source : List.of(world.payment, world.inventory, world.shipping)) {
            requireSame(source, world.order, event -> true);
        }
        requireSame(world.shipping, world.inventory, ShipmentDispatched.class::isInstance);
    }

    private void requireSame(Context source, Context consumer, Predicate<Event> isHeard) {
        Map<String, List<String>> told = idsByKey(source, source, isHeard);
        Map<String, List<String>> heard = idsByKey(source, consumer, isHeard);
        if (!world.faults.keptOrder()) {
            told.values().forEach(Collections::sort);
            heard.values().forEach(Collections::sort);
        }
        require(
                told.equals(heard),
                () -> consumer.name + " heard " + heard + " of what " + source.name + " told: " + told);
    }

    private static Map<String, List<String>> idsByKey(Context source, Context at, Predicate<Event> isHeard) {
        Map<String, List<String>> ids = new HashMap<>();
        for (Entry entry : at.stream.entries()) {
            if (entry.source().equals(source.name) && source.isPublic(entry) && isHeard.test(entry.event())) {
                ids.computeIfAbsent(entry.event().partitionKey(), key -> new ArrayList<>())
                        .add(entry.id());
            }
        }
        return ids;
    }

    private void sequencesHaveNoHoleAndNoDuplicate(Context context) {
        context.stream.aggregates().forEach((id, events) -> {
            for (int i = 0; i < events.size(); i++) {
                require(events.get(i).getSequenceNumber() == i, "the sequence of " + id + " has a hole at " + i);
            }
        });
    }

    // An order

    private Rest restOf(Plan plan) {
        String id = plan.orderId().value();
        List<? extends DomainEventMessage<?>> events = world.order.stream.of(id);
        require(count(events, OrderPlaced.class) == 1, () -> id + " was placed " + events);
        int ends = count(events, OrderRejected.class)
                + count(events, OrderCancelled.class)
                + count(events, OrderDispatched.class);
        require(ends <= 1 && count(events, OrderDelivered.class) <= 1, () -> id + " ended more than once");
        boolean sagaIsOpen = world.sagas.isOpen("orderId", id);
        Rest rest = restOf(events, People.isStuck(world.order, plan.orderId()));
        if (rest == null) {
            throw new Violation(id + " hangs after " + payload(events.getLast()));
        }
        world.faults.tally.count("rest " + name(rest, events));
        require(
                sagaIsOpen != rest.isFinal(),
                () -> id + " is " + rest + " but its saga is " + (sagaIsOpen ? "open" : "closed"));
        return rest;
    }

    private static @Nullable Rest restOf(List<? extends DomainEventMessage<?>> events, boolean isStuck) {
        if (count(events, OrderRejected.class) > 0) {
            return Rest.REJECTED;
        }
        if (count(events, OrderCancelled.class) > 0) {
            return Rest.CANCELLED;
        }
        if (count(events, OrderDelivered.class) > 0) {
            return Rest.DELIVERED;
        }
        if (count(events, OrderDispatched.class) > 0) {
            return Rest.DISPATCHED;
        }
        if (isStuck) {
            return Rest.STUCK;
        }
        return payload(events.getLast()) instanceof OrderConfirmed ? Rest.CONFIRMED : null;
    }

    private static String name(Rest rest, List<? extends DomainEventMessage<?>> events) {
        Object last = payload(events.getLast());
        return switch (last) {
            case OrderRejected rejected -> rest + " " + rejected.reason();
            case CompensationStuck stuck -> rest + " " + stuck.step();
            default -> rest.name();
        };
    }

    private void moneyOf(Plan plan, Rest rest) {
        String id = plan.paymentId().value();
        Event last = last(world.payment, id);
        Moved moved = world.partner.moved().stream()
                .filter(one -> one.key().equals(id))
                .findFirst()
                .orElse(new Moved(id, 0, 0, 0, 0, "none"));
        boolean isCharged = switch (last) {
            case PaymentCompleted completed -> true;
            case RefundFailed failed -> true;
            case PaymentFailed failed -> false;
            case PaymentVoided voided -> false;
            case PaymentRefunded refunded -> false;
            case null -> false;
            default -> throw new Violation(id + " rests after " + last);
        };
        require(
                moved.charges() <= 1 && moved.refunds() <= moved.charges(),
                () -> id + " was charged or refunded twice: " + moved);
        require(
                moved.charges() - moved.refunds() == (isCharged ? 1 : 0),
                () -> "we say " + last + ", and the partner " + moved);
        require(
                moved.refunds() == (last instanceof PaymentRefunded ? 1 : 0),
                () -> "we say " + last + ", and the partner " + moved);
        require(
                moved.charges() == 0
                        || (moved.captured() == plan.total().minorUnits()
                                && moved.currency().equals(plan.total().currency())),
                () -> id + " costs " + plan.total() + ", and the partner charged " + moved);
        require(!rest.isSold() || isCharged, () -> id + " is not paid but its order is " + rest);
        require(!rest.isUndone() || !isCharged, () -> id + " is charged but its order is " + rest);
    }

    private void shipmentOf(Plan plan, Rest rest) {
        String id = plan.shipmentId().value();
        Event last = last(world.shipping, id);
        Booked booked = world.carrier.booked().stream()
                .filter(one -> one.key().equals(id))
                .findFirst()
                .orElse(new Booked(id, 0, 0));
        boolean left = world.shipping.stream.has(id, ShipmentDispatched.class);
        boolean isBooked = switch (last) {
            case ShipmentCreated created -> true;
            case ShipmentDispatched dispatched -> true;
            case ShipmentDelivered delivered -> true;
            case ShipmentCancellationRefused refused -> true;
            case ShipmentFailed failed -> false;
            case ShipmentCancelled cancelled -> false;
            case null -> false;
            default -> throw new Violation(id + " rests after " + last);
        };
        require(
                booked.bookings() <= 1 && booked.cancellations() <= booked.bookings(),
                () -> id + " was booked or taken back twice: " + booked);
        require(
                booked.bookings() - booked.cancellations() == (isBooked ? 1 : 0),
                () -> "we say " + last + ", and the carrier " + booked);
        require(
                left == (rest == Rest.DISPATCHED || rest == Rest.DELIVERED),
                () -> "after " + last + " the order is " + rest);
        require(
                world.shipping.stream.has(id, ShipmentDelivered.class) == (rest == Rest.DELIVERED),
                () -> "after " + last + " the order is " + rest);
        require(rest != Rest.CONFIRMED || isBooked, () -> id + " is not booked but its order is " + rest);
        require(!rest.isUndone() || !isBooked, () -> id + " is booked but its order is " + rest);
    }

    private void reservationOf(Plan plan, Rest rest) {
        Event last = last(world.inventory, plan.orderId().value());
        boolean fits = switch (rest) {
            case CONFIRMED -> last instanceof StockReserved;
            case DISPATCHED, DELIVERED -> last instanceof StockCommitted;
            case REJECTED, CANCELLED ->
                last == null || last instanceof StockReservationFailed || last instanceof StockReleased;
            case STUCK -> !(last instanceof StockCommitted);
        };
        require(fits, () -> plan.orderId() + " is " + rest + " and the last of its stock is " + last);
    }

    private void whatPeopleWereToldIsTrue(People people, Rest rest) {
        String id = people.plan().orderId().value();
        if (people.wasCancellationAccepted()) {
            boolean isRefused = world.order.stream.has(id, CancellationRefused.class);
            require(
                    world.order.stream.has(id, CancellationRequested.class) && (!rest.isSold() || isRefused),
                    () -> id + " was to be cancelled and is " + rest);
        }
        require(
                rest != Rest.CANCELLED || world.order.stream.has(id, CancellationRequested.class),
                () -> id + " is cancelled and nobody asked for it");
        require(
                !people.wasDispatchAccepted() || rest == Rest.DISPATCHED || rest == Rest.DELIVERED,
                () -> id + " was handed to the carrier and is " + rest);
        require(!people.wasDeliveryAccepted() || rest == Rest.DELIVERED, () -> id + " was delivered and is " + rest);
        if (last(world.order, id) instanceof OrderRejected rejected) {
            require(
                    switch (rejected.reason()) {
                        case PAYMENT_DECLINED ->
                            world.payment.stream.has(people.plan().paymentId().value(), PaymentFailed.class);
                        case OUT_OF_STOCK -> world.inventory.stream.has(id, StockReservationFailed.class);
                        case SHIPMENT_REFUSED ->
                            world.shipping.stream.has(people.plan().shipmentId().value(), ShipmentFailed.class);
                        case TIMED_OUT -> true;
                    },
                    () -> id + " was rejected for " + rejected.reason() + ", which is not so");
        }
        require(
                rest != Rest.STUCK || !people.wasHelpedInVain(),
                () -> id + " is stuck again where an operator let it go on and nothing went wrong");
        if (last(world.order, id) instanceof CompensationStuck stuck
                && stuck.step() == CompensationStep.REFUND_PAYMENT) {
            Event payment = last(world.payment, people.plan().paymentId().value());
            require(
                    !(payment instanceof PaymentRefunded || payment instanceof PaymentVoided),
                    () -> id + " is stuck at a refund that was made: " + payment);
        }
    }

    // All orders

    private void moneyOfAll(Map<People, Rest> rests) {
        Map<String, Long> kept = new HashMap<>();
        world.partner
                .moved()
                .forEach(moved -> kept.merge(moved.currency(), moved.captured() - moved.refunded(), Long::sum));
        kept.values().removeIf(amount -> amount == 0);
        Map<String, Long> sold = new HashMap<>();
        rests.forEach((people, rest) -> {
            boolean isStuckWithCharge = rest == Rest.STUCK
                    && (last(world.payment, people.plan().paymentId().value()) instanceof PaymentCompleted
                            || last(world.payment, people.plan().paymentId().value()) instanceof RefundFailed);
            if (rest.isSold() || isStuckWithCharge) {
                sold.merge(
                        people.plan().total().currency(), people.plan().total().minorUnits(), Long::sum);
            }
        });
        require(kept.equals(sold), () -> "the partner keeps " + kept + " for what was sold at " + sold);
    }

    private void stockOfAll() {
        Map<Sku, Long> reserved = new HashMap<>();
        Map<Sku, Long> shipped = new HashMap<>();
        for (People people : world.people()) {
            switch (last(world.inventory, people.plan().orderId().value())) {
                case StockReserved event ->
                    event.lines()
                            .forEach(line -> reserved.merge(
                                    line.sku(), (long) line.quantity().value(), Long::sum));
                case StockCommitted event ->
                    event.lines()
                            .forEach(line -> shipped.merge(
                                    line.sku(), (long) line.quantity().value(), Long::sum));
                case null, default -> {}
            }
        }
        Plan.RECEIVED.forEach((sku, received) -> {
            SimulatedStock.Level level = world.stock.of(sku);
            long out = shipped.getOrDefault(sku, 0L);
            require(
                    level.onHand() + out == received
                            && level.reserved() == reserved.getOrDefault(sku, 0L)
                            && level.reserved() >= 0
                            && level.reserved() <= level.onHand(),
                    () -> "of " + received + " " + sku + " " + out + " were shipped, " + reserved.getOrDefault(sku, 0L)
                            + " are set aside, and the levels say " + level);
        });
    }

    private static @Nullable Event last(Context context, String id) {
        List<DomainEventMessage<?>> events = context.stream.of(id);
        return events.isEmpty() ? null : payload(events.getLast());
    }

    private static Event payload(DomainEventMessage<?> message) {
        return (Event) message.getPayload();
    }

    private static int count(List<? extends DomainEventMessage<?>> events, Class<? extends Event> type) {
        int count = 0;
        for (DomainEventMessage<?> event : events) {
            if (type.isInstance(event.getPayload())) {
                count++;
            }
        }
        return count;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Violation(otherwise);
        }
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new Violation(otherwise.get());
        }
    }
}
