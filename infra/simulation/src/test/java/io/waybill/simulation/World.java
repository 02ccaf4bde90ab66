package io.waybill.simulation;

import io.waybill.inventory.SimulatedInventory;
import io.waybill.inventory.stock.SimulatedStock;
import io.waybill.messaging.tasks.PartnerCalls;
import io.waybill.messaging.tasks.PartnerSettings;
import io.waybill.messaging.tasks.TimeLimit;
import io.waybill.messaging.tracing.Tracing;
import io.waybill.order.fulfilment.SimulatedFulfilment;
import io.waybill.order.ordering.SimulatedOrdering;
import io.waybill.payment.SimulatedPayment;
import io.waybill.payment.charging.SimulatedCharging;
import io.waybill.payment.sandbox.SimulatedPartner;
import io.waybill.shipping.booking.SimulatedBooking;
import io.waybill.shipping.sandbox.SimulatedCarrier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.axonframework.eventhandling.GenericEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * The four contexts, their broker and their partners in one thread. A run is a row of steps; which of those that are
 * possible comes next, and what goes wrong in it, is chosen by chance. It ends when nothing is left to do.
 */
final class World {

    /** After so many steps nothing goes wrong any more. */
    private static final int ROUGH_STEPS = 150;

    private static final int MOST_STEPS = 5_000;
    private static final int MOST_ORDERS = 3;

    private interface Act {
        void run() throws Exception;
    }

    private record Actor(String name, @Nullable Context process, BooleanSupplier isReady, Act act) {}

    /** What a run was. */
    record Outcome(int steps, int orders) {}

    /** A call of a partner is an effect of a task: no thread waits for it, and no breaker counts it. */
    private static final class DirectCalls extends PartnerCalls {

        DirectCalls() {
            super(
                    "simulated",
                    new TimeLimit(Duration.ofSeconds(10)),
                    new PartnerSettings(5, Duration.ofSeconds(10), Duration.ofSeconds(30), 2, 16),
                    Tracing.off());
        }

        @Override
        public <T> T call(String operation, Supplier<T> call) {
            return call.get();
        }
    }

    final Context order;
    final Context payment;
    final Context inventory;
    final Context shipping;
    final Sagas sagas;
    final SimulatedStock stock;
    final SimulatedPartner partner;
    final SimulatedCarrier carrier;
    final Faults faults;

    private final VirtualClock clock = new VirtualClock();
    private final Broker broker;
    private final Table<SimulatedStock.Level> levels;
    private final SimulatedFulfilment fulfilment;
    private final Partner payments;
    private final Partner parcels;
    private final List<Context> contexts;
    private final List<Actor> actors = new ArrayList<>();
    private final List<Actor> ready = new ArrayList<>();
    private List<People> people = List.of();
    private int steps;
    private String last = "nothing";

    World(Defect defect, Tally tally) {
        faults = new Faults(defect, tally);
        Transactions transactions = new Transactions(faults);
        broker = new Broker(faults, clock);
        order = new Context("order", SimulatedFulfilment.messages(), broker, faults, clock, transactions);
        payment = new Context("payment", SimulatedPayment.messages(), broker, faults, clock, transactions);
        inventory = new Context("inventory", SimulatedInventory.messages(), broker, faults, clock, transactions);
        shipping = new Context("shipping", SimulatedBooking.messages(), broker, faults, clock, transactions);
        contexts = List.of(order, payment, inventory, shipping);

        sagas = new Sagas(
                defect == Defect.STORES_THE_SAGA_OUTSIDE_THE_TRANSACTION ? new Transactions(faults) : transactions);
        fulfilment = new SimulatedFulfilment(order.bus, order.alarms);
        order.decides(SimulatedOrdering.aggregate(), SimulatedOrdering.priceList(Plan.PRICES));
        order.reacts("order.fulfilment", fulfilment.saga(sagas, defect));
        order.reacts("order.record-dispatch", fulfilment.recordDispatch());
        order.reacts("order.record-delivery", fulfilment.recordDelivery());

        DirectCalls calls = new DirectCalls();
        payments = new Partner(faults, payment.tasks);
        partner = new SimulatedPartner(payments);
        payment.decides(SimulatedCharging.aggregate(), payment.tasks);
        payment.tasks.register(
                SimulatedCharging.tasks(new TaskCommands(payment.bus, payment.tasks, faults), partner, calls));

        levels = new Table<>(
                defect == Defect.CHANGES_STOCK_OUTSIDE_THE_TRANSACTION ? new Transactions(faults) : transactions);
        stock = new SimulatedStock(levels);
        inventory.decides(SimulatedStock.aggregate(), stock);
        inventory.reacts("inventory.commit-on-dispatch", SimulatedStock.commitOnDispatch(inventory.bus));

        parcels = new Partner(faults, shipping.tasks);
        carrier = new SimulatedCarrier(parcels);
        shipping.decides(SimulatedBooking.aggregate(), shipping.tasks);
        shipping.tasks.register(
                SimulatedBooking.tasks(new TaskCommands(shipping.bus, shipping.tasks, faults), carrier, calls));

        enlist();
    }

    private void enlist() {
        for (int i = 0; i < MOST_ORDERS; i++) {
            int one = i;
            actor(
                    "place",
                    order,
                    () -> has(one) && people.get(one).wantsToPlace(),
                    () -> people.get(one).place());
            actor(
                    "cancel",
                    order,
                    () -> has(one) && people.get(one).wantsToCancel(steps),
                    () -> people.get(one).cancel());
            actor(
                    "dispatch",
                    shipping,
                    () -> has(one) && people.get(one).wantsToDispatch(steps),
                    () -> people.get(one).dispatch());
            actor(
                    "deliver",
                    shipping,
                    () -> has(one) && people.get(one).wantsToDeliver(),
                    () -> people.get(one).deliver());
            actor(
                    "resume",
                    order,
                    () -> has(one) && people.get(one).wantsToResume(),
                    () -> people.get(one).resume());
        }
        for (Context context : contexts) {
            actor("inbox of " + context.name, context, context::hasForeignEvent, context::takeInEvents);
            for (Processor processor : context.processors()) {
                actor(processor.name(), context, processor::isReady, processor::handleSome);
            }
            actor("commands of " + context.name, context, context::hasCommand, context::carryOutCommand);
            actor("task of " + context.name, context, context.tasks::canGoOn, context.tasks::goOn);
            actor("claim of " + context.name, context, context.tasks::canClaim, context.tasks::claim);
            if (context != order) {
                // Nobody hears the order's own events.
                actor("outbox of " + context.name, context, context::hasUnpublished, context::publish);
            }
        }
        actor("deadline", order, order.alarms::isDue, order::ring);
        actor("late call", null, payments::hasDelayedCall, payments::receiveDelayedCall);
        actor("late call", null, parcels::hasDelayedCall, parcels::receiveDelayedCall);
    }

    private boolean has(int one) {
        return one < people.size();
    }

    private void actor(String name, @Nullable Context process, BooleanSupplier isReady, Act act) {
        actors.add(new Actor(name, process, isReady, act));
    }

    /**
     * Plays a run to its end.
     *
     * @throws Violation if something does not hold in the end, or if there is no end
     */
    Outcome play(Choices choices, Journal journal) {
        begin(choices, journal);
        for (steps = 0; steps < MOST_STEPS; steps++) {
            if (steps == ROUGH_STEPS) {
                faults.calmDown();
            }
            Actor actor = next();
            if (actor == null) {
                Laws.check(this);
                return new Outcome(steps, people.size());
            }
            act(actor);
            last = actor.name();
        }
        throw new Violation("there is no end");
    }

    List<People> people() {
        return people;
    }

    private void begin(Choices choices, Journal journal) {
        CountedIdentifiers.reset();
        clock.reset();
        last = "nothing";
        GenericEventMessage.clock = clock;
        contexts.forEach(Context::clear);
        broker.clear();
        sagas.clear();
        levels.clear();
        partner.clear();
        carrier.clear();
        payments.clear();
        parcels.clear();
        Knobs knobs = Knobs.from(choices);
        faults.begin(choices, knobs, journal);
        faults.note(knobs::toString);
        fulfilment.patience(choices.oneOf(List.of(2, 1, 0, 4)), choices.below(3));
        int orders = 1 + choices.below(6) / 5 + choices.below(6) / 5;
        Plan.RECEIVED.forEach(stock::receive);
        List<People> everybody = new ArrayList<>();
        for (int i = 0; i < orders; i++) {
            everybody.add(new People(Plan.from(choices, i + 1), order, shipping, faults));
        }
        people = everybody;
    }

    private @Nullable Actor next() {
        Choices choices = faults.choices();
        while (true) {
            mayDisturb(choices);
            ready.clear();
            for (Actor actor : actors) {
                if (actor.isReady().getAsBoolean()) {
                    ready.add(actor);
                }
            }
            long later = later();
            if (ready.isEmpty() && later == Long.MAX_VALUE) {
                return null;
            }
            if (ready.isEmpty()
                    || (later != Long.MAX_VALUE && choices.chance(faults.knobs().haste()))) {
                passTime(later);
            } else {
                return ready.get(choices.below(ready.size()));
            }
        }
    }

    private void mayDisturb(Choices choices) {
        if (choices.chance(faults.knobs().frozen())) {
            choices.oneOf(List.of(payment, shipping)).tasks.freeze();
        }
        if (choices.chance(faults.knobs().crash() / 4)) {
            Context struck = choices.oneOf(contexts);
            faults.tally.count("crash between steps, after " + last);
            struck.crash();
        }
    }

    /** When something is going to happen that waits for its time. */
    private long later() {
        long later = Math.min(order.alarms.nextLater(), broker.nextLater());
        for (Context context : contexts) {
            later = Math.min(later, context.tasks.nextLater());
        }
        return later;
    }

    private void passTime(long later) {
        long late = faults.choices().chance(faults.knobs().haste() / 4)
                ? 500 + 1_000L * faults.choices().below(8)
                : 0;
        clock.advanceTo(later + late);
        faults.note(() -> "it is " + clock.now() + " ms");
    }

    private void act(Actor actor) {
        try {
            actor.act().run();
        } catch (Crash e) {
            faults.tally.count("crash " + e.getMessage() + " in " + actor.name());
            faults.note(() -> "  but the process crashes: " + e.getMessage());
            if (actor.process() != null) {
                actor.process().crash();
            }
        } catch (NotConfirmed e) {
            faults.note(() -> "  but the broker does not confirm");
        } catch (Violation e) {
            throw e;
        } catch (Exception e) {
            throw new Violation(actor.name() + " fails by itself", e);
        }
    }
}
