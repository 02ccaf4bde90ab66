package io.waybill.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.simulation.Simulation.Failure;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SimulationTest {

    private static final int RUNS = Integer.getInteger("waybill.simulation.runs", 100_000);
    private static final long SEED = Long.getLong("waybill.simulation.seed", 1);

    /** How often the ordinary run must reach each thing; what fewer runs reach is chance. */
    private static final int LEAST = RUNS < 100_000 ? 0 : RUNS / 2_000;

    private static final Simulation SIMULATION = new Simulation(Defect.NONE);

    private static Optional<Failure> failure = Optional.empty();

    @BeforeAll
    static void play() {
        long begin = System.nanoTime();
        failure = SIMULATION.play(SEED, RUNS);
        System.out.println("Simulation from seed " + SEED + " on: " + SIMULATION.summary() + "; "
                + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s");
    }

    @Test
    void every_order_ends_as_it_should_whatever_goes_wrong_in_whatever_order() {
        assertThat(failure.map(Failure::story)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource({"reactions", "rests", "crashes", "troubles"})
    void the_runs_reach(String what) {
        assertThat(SIMULATION.tally().of(what)).as(what).isGreaterThanOrEqualTo(LEAST);
    }

    /** What each event makes the saga and the policies do: every step, every compensation, every silence. */
    static List<String> reactions() {
        return List.of(
                // Forward, and to the end.
                "OrderPlaced > ProcessPayment",
                "PaymentCompleted > ReserveStock",
                "StockReserved > CreateShipment",
                "ShipmentCreated > ConfirmOrder",
                "ShipmentDispatched > RecordDispatch",
                "ShipmentDispatched > CommitStock",
                "ShipmentDelivered > RecordDelivery",
                // A step failed.
                "PaymentFailed > RejectOrder",
                "StockReservationFailed > RefundPayment",
                "ShipmentFailed > ReleaseStock",
                // The customer cancelled.
                "CancellationRequested > RefundPayment",
                "CancellationRequested > ReleaseStock",
                "CancellationRequested > CancelShipment",
                // Walking back.
                "ShipmentCancelled > ReleaseStock",
                "StockReleased > RefundPayment",
                "PaymentRefunded > RejectOrder",
                "PaymentRefunded > CancelOrder",
                "PaymentVoided > RejectOrder",
                "PaymentVoided > CancelOrder",
                "PaymentFailed > CancelOrder",
                // An answer came late.
                "PaymentCompleted > RefundPayment",
                "StockReserved > ReleaseStock",
                "ShipmentCreated > CancelShipment",
                // Nobody answered.
                "AnswerOverdue > ProcessPayment",
                "AnswerOverdue > ReserveStock",
                "AnswerOverdue > CreateShipment",
                "AnswerOverdue > CancelShipment",
                "AnswerOverdue > ReleaseStock",
                "AnswerOverdue > RefundPayment",
                "AnswerOverdue > ReportStuckCompensation",
                // A refund was refused.
                "RetryDue > RefundPayment",
                "RefundFailed > ReportStuckCompensation",
                // An operator helped.
                "CompensationResumed > RefundPayment",
                "CompensationResumed > ReleaseStock",
                "CompensationResumed > CancelShipment");
    }

    static List<String> rests() {
        return List.of(
                "rest CONFIRMED",
                "rest DISPATCHED",
                "rest DELIVERED",
                "rest CANCELLED",
                "rest REJECTED PAYMENT_DECLINED",
                "rest REJECTED OUT_OF_STOCK",
                "rest REJECTED SHIPMENT_REFUSED",
                "rest REJECTED TIMED_OUT",
                "rest STUCK REFUND_PAYMENT");
    }

    static Stream<String> crashes() {
        Stream<String> published = Stream.of(
                        "order.fulfilment", "outbox of payment", "outbox of inventory", "outbox of shipping")
                .map(step -> "crash AFTER_PUBLISHING in " + step);
        Stream<String> written = Stream.of(
                        "place",
                        "cancel",
                        "resume",
                        "dispatch",
                        "deliver",
                        "order.fulfilment",
                        "order.record-dispatch",
                        "order.record-delivery",
                        "inventory.commit-on-dispatch",
                        "deadline",
                        "commands of payment",
                        "commands of inventory",
                        "commands of shipping",
                        "inbox of order",
                        "inbox of inventory",
                        "outbox of payment",
                        "outbox of inventory",
                        "outbox of shipping",
                        "task of payment",
                        "task of shipping")
                .map(step -> "crash BEFORE_COMMIT in " + step);
        Stream<String> committed = Stream.of(
                        "place",
                        "cancel",
                        "resume",
                        "dispatch",
                        "deliver",
                        "commands of payment",
                        "commands of inventory",
                        "commands of shipping",
                        "inbox of order",
                        "inbox of inventory",
                        "task of payment",
                        "task of shipping")
                .map(step -> "crash AFTER_COMMIT in " + step);
        Stream<String> between = Stream.of(
                        "order.fulfilment",
                        "deadline",
                        "commands of payment",
                        "commands of inventory",
                        "commands of shipping",
                        "claim of payment",
                        "claim of shipping",
                        "task of payment",
                        "task of shipping")
                .map(step -> "crash between steps, after " + step);
        return Stream.of(published, written, committed, between).flatMap(steps -> steps);
    }

    static List<String> troubles() {
        return List.of(
                "duplicated",
                "redelivered",
                "deduplicated",
                "dropped",
                "unconfirmed",
                "parked",
                "delayed",
                "astray",
                "alarm missed",
                "call lost",
                "answer lost",
                "call delayed",
                "frozen",
                "begun at once",
                "task interrupted by a crash");
    }

    @Test
    void a_seed_tells_the_same_story_in_any_world_and_after_any_other() {
        List<String> story = new Simulation(Defect.NONE).tell(SEED).lines();
        Simulation another = new Simulation(Defect.NONE);
        another.play(SEED + 1, 20);

        assertThat(story).hasSizeGreaterThan(10);
        assertThat(another.tell(SEED).lines()).isEqualTo(story);
    }

    /**
     * What was found while the simulation was written, kept to be played for ever. What a seed tells changes when more
     * is modelled; then the runs above have to come by these again.
     *
     * <ul>
     *   <li>6587: the refund of a payment whose partner is silent is lost, and nobody resumes it
     *   <li>350: a parcel leaves while taking its booking back is stuck, and an operator resumes it ever after
     * </ul>
     */
    @ParameterizedTest
    @ValueSource(longs = {6587, 350})
    void a_seed_that_once_failed_ends_well(long seed) {
        assertThat(new Simulation(Defect.NONE).play(seed, 1).map(Failure::story))
                .isEmpty();
    }
}
