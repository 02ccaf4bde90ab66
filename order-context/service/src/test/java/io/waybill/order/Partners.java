package io.waybill.order;

import static io.waybill.order.OrderFixtures.paymentCompleted;
import static io.waybill.order.OrderFixtures.paymentRefunded;
import static io.waybill.order.OrderFixtures.shipmentCreated;
import static io.waybill.order.OrderFixtures.shipmentDispatched;
import static io.waybill.order.OrderFixtures.stockReservationFailed;
import static io.waybill.order.OrderFixtures.stockReserved;

import io.waybill.inventory.api.StockReleased;
import io.waybill.kernel.Event;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.ShipmentId;
import io.waybill.payment.api.PaymentFailed;
import io.waybill.payment.api.PaymentVoided;
import io.waybill.shipping.api.ShipmentCancellationRefused;
import io.waybill.shipping.api.ShipmentCancelled;
import io.waybill.shipping.api.ShipmentFailed;
import io.waybill.testing.Heard;
import io.waybill.testing.Neighbours;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Payment, inventory and shipping for thousands of orders: they keep the promises that the other contexts make (a
 * command takes effect once, in whatever order it comes with what undoes it), answer when the test wants, and keep
 * books. All that happens to them happens on one thread.
 */
final class Partners implements AutoCloseable {

    private static final int BATCH = 200;

    /** What a partner is asked to do forward. */
    enum Asked {
        PAYMENT,
        STOCK,
        SHIPMENT
    }

    /** How partners behave. */
    interface Behaviour {

        /** Whether this command is heard at all. */
        boolean hears(OrderId order, Asked asked);

        /** After how many milliseconds it is done. */
        long delay(OrderId order, Asked asked);

        boolean refuses(OrderId order, Asked asked);

        /** After how many milliseconds a step back is done. */
        long delayBack(OrderId order);

        /** Whether a charge reached the partner that was on its way when the money was asked back. */
        boolean wasCharged(OrderId order);

        /** Whether a payment is charged that was promised never to be. */
        boolean breaksPromise(OrderId order);

        /** On the partners' thread. */
        void booked(OrderId order);
    }

    /** A step at a partner. */
    enum Stage {
        UNKNOWN,
        ASKED,
        DONE,
        REFUSED,
        UNDONE,
        DISPATCHED
    }

    /** What the partners know of an order; to be read when they are at rest. */
    static final class Books {

        private Stage payment = Stage.UNKNOWN;
        private Stage stock = Stage.UNKNOWN;
        private Stage shipment = Stage.UNKNOWN;
        private int charges;
        private int refunds;
        private boolean cancellationRefused;

        int charges() {
            return charges;
        }

        int refunds() {
            return refunds;
        }

        boolean isReserved() {
            return stock == Stage.DONE;
        }

        /** A parcel stands or has left. */
        boolean isBooked() {
            return shipment == Stage.DONE || shipment == Stage.DISPATCHED;
        }

        boolean isDispatched() {
            return shipment == Stage.DISPATCHED;
        }

        boolean wasCancellationRefused() {
            return cancellationRefused;
        }

        @Override
        public String toString() {
            return "payment " + payment + " (" + charges + " charges, " + refunds + " refunds), stock " + stock
                    + ", shipment " + shipment;
        }
    }

    private record Told(String context, Event event) {}

    private final Neighbours neighbours;
    private final Behaviour behaviour;
    private final Map<OrderId, Books> books;
    private final ScheduledExecutorService world = Executors.newSingleThreadScheduledExecutor();
    private final LinkedBlockingQueue<Told> news = new LinkedBlockingQueue<>();
    private final Thread teller = new Thread(this::tell, "partners");

    private Partners(Neighbours neighbours, Behaviour behaviour, Map<OrderId, Books> books) {
        this.neighbours = neighbours;
        this.behaviour = behaviour;
        this.books = books;
    }

    /** Partners who answer from now on. */
    static Partners open(Neighbours neighbours, Behaviour behaviour) {
        return new Partners(neighbours, behaviour, new ConcurrentHashMap<>()).atWork();
    }

    /** The same partners at another connection, and as they behave from now on. */
    Partners again(Neighbours other, Behaviour from) {
        return new Partners(other, from, books).atWork();
    }

    private Partners atWork() {
        teller.setDaemon(true);
        teller.start();
        for (String context : List.of("payment", "inventory", "shipping")) {
            neighbours.serve(context, command -> world.execute(() -> hear(command)));
        }
        return this;
    }

    Books of(OrderId order) {
        return books.computeIfAbsent(order, unknown -> new Books());
    }

    private void hear(Heard command) {
        OrderId order = OrderId.of(command.partitionKey());
        switch (command.name()) {
            case "ProcessPayment" -> pay(order);
            case "ReserveStock" -> reserve(order);
            case "CreateShipment" -> book(order);
            case "RefundPayment" -> later(behaviour.delayBack(order), () -> refund(order));
            case "ReleaseStock" -> later(behaviour.delayBack(order), () -> release(order));
            case "CancelShipment" -> later(behaviour.delayBack(order), () -> cancel(order));
            default -> throw new IllegalArgumentException("nobody does " + command.type());
        }
    }

    private void pay(OrderId order) {
        if (of(order).payment != Stage.UNKNOWN || !behaviour.hears(order, Asked.PAYMENT)) {
            return;
        }
        of(order).payment = Stage.ASKED;
        later(behaviour.delay(order, Asked.PAYMENT), () -> {
            if (of(order).payment != Stage.ASKED) {
                return;
            }
            if (behaviour.refuses(order, Asked.PAYMENT)) {
                of(order).payment = Stage.REFUSED;
                tell("payment", new PaymentFailed(PaymentId.forOrder(order), order, "card_declined"));
            } else {
                of(order).payment = Stage.DONE;
                charge(order);
            }
        });
    }

    private void charge(OrderId order) {
        of(order).charges++;
        tell("payment", paymentCompleted(order));
    }

    private void refund(OrderId order) {
        Books known = of(order);
        if (known.payment == Stage.ASKED && behaviour.wasCharged(order)) {
            known.charges++;
        }
        boolean first = known.payment != Stage.UNDONE;
        known.payment = Stage.UNDONE;
        if (known.charges > known.refunds) {
            known.refunds++;
            tell("payment", paymentRefunded(order));
        } else if (first) {
            tell("payment", new PaymentVoided(PaymentId.forOrder(order), order));
            if (behaviour.breaksPromise(order)) {
                later(behaviour.delayBack(order), () -> charge(order));
            }
        }
    }

    private void reserve(OrderId order) {
        if (!behaviour.hears(order, Asked.STOCK)) {
            return;
        }
        later(behaviour.delay(order, Asked.STOCK), () -> {
            if (of(order).stock != Stage.UNKNOWN) {
                return;
            }
            boolean refused = behaviour.refuses(order, Asked.STOCK);
            of(order).stock = refused ? Stage.REFUSED : Stage.DONE;
            tell("inventory", refused ? stockReservationFailed(order) : stockReserved(order));
        });
    }

    private void release(OrderId order) {
        if (of(order).stock != Stage.UNDONE) {
            of(order).stock = Stage.UNDONE;
            tell("inventory", new StockReleased(order, List.of()));
        }
    }

    private void book(OrderId order) {
        if (of(order).shipment != Stage.UNKNOWN || !behaviour.hears(order, Asked.SHIPMENT)) {
            return;
        }
        of(order).shipment = Stage.ASKED;
        later(behaviour.delay(order, Asked.SHIPMENT), () -> {
            if (of(order).shipment != Stage.ASKED) {
                return;
            }
            if (behaviour.refuses(order, Asked.SHIPMENT)) {
                of(order).shipment = Stage.REFUSED;
                tell("shipping", new ShipmentFailed(ShipmentId.forOrder(order), order, "no such place"));
            } else {
                of(order).shipment = Stage.DONE;
                tell("shipping", shipmentCreated(order));
                behaviour.booked(order);
            }
        });
    }

    private void cancel(OrderId order) {
        Books known = of(order);
        if (known.shipment == Stage.DISPATCHED) {
            if (!known.cancellationRefused) {
                known.cancellationRefused = true;
                tell("shipping", new ShipmentCancellationRefused(ShipmentId.forOrder(order), order));
            }
        } else if (known.shipment != Stage.UNDONE) {
            known.shipment = Stage.UNDONE;
            tell("shipping", new ShipmentCancelled(ShipmentId.forOrder(order), order));
        }
    }

    /** The parcel leaves in so many milliseconds, if it is there then. */
    void dispatch(OrderId order, long in) {
        later(in, () -> {
            if (of(order).shipment == Stage.DONE) {
                of(order).shipment = Stage.DISPATCHED;
                tell("shipping", shipmentDispatched(order));
            }
        });
    }

    private void later(long millis, Runnable deed) {
        var unused = world.schedule(deed, millis, TimeUnit.MILLISECONDS);
    }

    private void tell(String context, Event event) {
        news.add(new Told(context, event));
    }

    private void tell() {
        try {
            while (true) {
                List<Told> batch = new ArrayList<>(List.of(news.take()));
                news.drainTo(batch, BATCH - 1);
                batch.stream()
                        .collect(Collectors.groupingBy(
                                Told::context, Collectors.mapping(Told::event, Collectors.toList())))
                        .forEach(neighbours::tellAll);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** They hear and say no more. */
    @Override
    public void close() {
        world.shutdownNow();
        teller.interrupt();
    }
}
