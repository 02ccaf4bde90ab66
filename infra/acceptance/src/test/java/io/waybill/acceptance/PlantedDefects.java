package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static io.waybill.acceptance.Status.CONFIRMED;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.rabbitmq.client.ConnectionFactory;
import io.waybill.acceptance.ChildJvm.Signal;
import io.waybill.acceptance.crash.CrashPoint;
import io.waybill.acceptance.crash.Defect;
import io.waybill.acceptance.crash.Tripwire;
import io.waybill.acceptance.crash.Tripwire.Effect;
import io.waybill.testing.TestBroker;
import io.waybill.testing.TestServers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who looks for mistakes finds them: each defect of the machinery is planted in one context, and what passes without it
 * fails with it, for the reason that it should. It takes minutes, and so runs when it is asked for by name.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(RunningSystem.OF_ITS_OWN)
@Timeout(value = 10, unit = MINUTES)
class PlantedDefects {

    private static final Duration PATIENCE = Duration.ofSeconds(25);

    /** How long anything may take on a machine that is busy with something else. */
    private static final Duration LONG = Duration.ofMinutes(4);

    /** How long an order is waited for that may not get on at all. */
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    /** Which defects; {@code all}, or some by their names. */
    private static final String DEFECTS = System.getProperty("waybill.crash.defects", "all");

    /** It depends on what is lost whether the order needs it. */
    private static final String LOST = " has heard everything of | has not come to its end";

    private static CrashableSystem system;

    /**
     * What a defect does not survive.
     *
     * @param context where it is planted
     * @param complaint a pattern of what is said of the rule that is broken then
     */
    private record Trial(String context, Play play, String complaint) {}

    private interface Play {

        /** Returns if everything is as it should be. */
        void play() throws Exception;
    }

    @BeforeAll
    static void start() {
        system = CrashableSystem.start("defective");
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    static Stream<Defect> defects() {
        return DEFECTS.equals("all")
                ? Arrays.stream(Defect.values())
                : Arrays.stream(DEFECTS.split(",")).map(Defect::valueOf);
    }

    @ParameterizedTest
    @MethodSource("defects")
    void a_planted_defect_is_found(Defect defect) throws Exception {
        Trial trial = trialOf(defect);
        trial.play().play();

        system.plant(defect, trial.context());
        try {
            Throwable found = catchThrowable(() -> trial.play().play());

            assertThat(found)
                    .as("what is found of %s", defect)
                    .isInstanceOfAny(AssertionError.class, ConditionTimeoutException.class);
            assertThat(found.getMessage()).containsPattern(trial.complaint());
            System.out.printf("%s: %s%n", defect, found.getMessage().strip());
        } finally {
            system.heal(defect, trial.context());
        }
    }

    private static Trial trialOf(Defect defect) {
        return switch (defect) {
            case INBOX_ACKNOWLEDGES_ON_RECEIPT -> dying(CrashPoint.ORDER_INBOX_WRITTEN, LOST);
            case INBOX_TAKES_REPEATS ->
                dying(
                        CrashPoint.ORDER_INBOX_COMMITTED,
                        "stands twice in the stream of order|order has heard everything of ");
            case OUTBOX_DOES_NOT_WAIT_FOR_CONFIRMS -> dying(CrashPoint.PAYMENT_OUTBOX_STORED, LOST);
            case OUTBOX_IGNORES_RETURNS -> new Trial("payment", PlantedDefects::loseTheQueue, " becomes CONFIRMED");
            case READER_SKIPS_GAPS -> new Trial("order", PlantedDefects::commitLate, " becomes CONFIRMED");
            case NEW_KEY_FOR_EACH_CALL ->
                dying(CrashPoint.CHARGE_ANSWERED, "what was kept for | has not come to its end");
            case TASK_DONE_WHEN_BEGUN -> dying(CrashPoint.CHARGE_BEGUN, " has not come to its end");
            case DEADLINE_FORGOTTEN_FIRST ->
                new Trial("order", PlantedDefects::dieBeforeTheRetry, " has not come to its end");
            case HANDLER_SWALLOWS_FAILURES ->
                new Trial("order", () -> failAt(CrashPoint.TRACKING_WRITING), " has not come to its end");
            case IDEMPOTENCY_KEY_IS_FORGOTTEN ->
                dying(CrashPoint.PLACING_COMMITTED, CrashableSystem.PIECES + " arrived, but |placed orders");
        };
    }

    private static Trial dying(CrashPoint point, String complaint) {
        return new Trial(point.context(), () -> system.diesAt(point, 1, PATIENCE), complaint);
    }

    private static void failAt(CrashPoint point) {
        Tripwire tripwire = system.tripwire(point.context());
        system.takeOrders(
                1,
                PATIENCE,
                () -> tripwire.arm(point, 1, Effect.FAIL),
                another -> within(LONG, point + " is reached").until(tripwire::isTripped));
    }

    /**
     * Most alarms that ring are ones that an answer has made harmless; nothing else repeats a refund that was refused.
     */
    private static void dieBeforeTheRetry() {
        Tripwire tripwire = system.tripwire("order");
        Shop shop = Shop.at(system.waybill());
        Product product = system.offered(shop);
        AtomicBoolean over = new AtomicBoolean();
        try (var customers = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                Future<PlacedOrder> journey =
                        customers.submit(() -> Journey.REFUND_FAILS.travel(shop, product, over::get));
                within(LONG, "the refund was refused")
                        .until(() -> !system.waybill()
                                .database("order")
                                .rows("select id from deadline where type like '%RetryDue'")
                                .isEmpty());
                tripwire.arm(CrashPoint.DEADLINE_WRITTEN, 1, Effect.HALT);
                within(LONG, "the alarm rings").until(tripwire::isTripped);
                system.restart("order", Signal.KILL);
                CrashableSystem.awaitEnd("the order", journey, System.nanoTime() + PATIENCE.toNanos());
            } finally {
                over.set(true);
                tripwire.disarm();
            }
        }
        system.check(shop);
    }

    /** One order is written first and committed last. */
    private static void commitLate() throws Exception {
        Tripwire tripwire = system.tripwire("order");
        Shop shop = Shop.at(system.waybill());
        Product product = system.offered(shop);
        tripwire.arm(CrashPoint.PLACING_WRITTEN, 1, Effect.PAUSE);
        try (var customers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<PlacedOrder> late = customers.submit(() -> shop.accepts(Purchase.of(product, 1)));
            within(LONG, "the first one waits").until(tripwire::isTripped);
            PlacedOrder other = shop.accepts(Purchase.of(product, 1));
            awaitForAWhile(other);
            tripwire.release();
            for (PlacedOrder order : List.of(late.get(), other)) {
                within(PATIENCE, order.id() + " becomes " + CONFIRMED)
                        .untilAsserted(() -> assertThat(order.status()).isEqualTo(CONFIRMED));
            }
        } finally {
            tripwire.disarm();
        }
        system.check(shop);
    }

    /** It gets on only if the stream is read beyond the other one. */
    private static void awaitForAWhile(PlacedOrder order) {
        long begin = System.nanoTime();
        within(LONG, "a while")
                .until(() -> System.nanoTime() - begin > A_WHILE.toNanos()
                        || order.gateway().get(order.path("")).text("status").equals(CONFIRMED.name()));
    }

    /** While the order context is away, the queue of its events goes too; what is told meanwhile has to wait. */
    private static void loseTheQueue() throws Exception {
        Distributed waybill = system.waybill();
        Shop shop = Shop.at(waybill);
        PlacedOrder order = shop.accepts(Purchase.of(system.offered(shop), 1).paidWith("pm_sandbox_slow"));
        String events = "select type from event_stream where local and partition_key = '" + order.id() + "'";
        within(LONG, "the order hears that the payment is asked for")
                .until(() -> !waybill.database("order")
                        .rows("select type from event_stream where not local and partition_key = '" + order.id() + "'")
                        .isEmpty());
        waybill.end("order", Signal.KILL);
        TestBroker broker = TestServers.broker();
        var factory = new ConnectionFactory();
        factory.setHost(broker.host());
        factory.setPort(broker.port());
        factory.setUsername(broker.user());
        factory.setPassword(broker.password());
        factory.setVirtualHost(broker.virtualHost());
        try (var connection = factory.newConnection("queue remover");
                var channel = connection.createChannel()) {
            channel.queueDelete(waybill.namespace() + ".order.inbox");
        }
        within(LONG, "the payment is made")
                .until(() -> waybill.database("payment").rows(events).size() > 1);
        waybill.run(1, "order");
        within(PATIENCE, order.id() + " becomes " + CONFIRMED)
                .untilAsserted(() -> assertThat(order.status()).isEqualTo(CONFIRMED));
        system.check(shop);
    }
}
