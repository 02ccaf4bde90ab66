package io.waybill.acceptance;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.acceptance.crash.CrashPoint;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A context's process dies at each point of an order's path, and nobody notices but who waits a little longer. */
@TestMethodOrder(OrderAnnotation.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(RunningSystem.OF_ITS_OWN)
@Timeout(value = 5, unit = MINUTES)
class CrashPointsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Those of the ordinary run: one of each kind. */
    private static final List<CrashPoint> SOME = List.of(
            CrashPoint.PLACING_COMMITTED,
            CrashPoint.SAGA_CONFIRMED,
            CrashPoint.CHARGE_ANSWERED,
            CrashPoint.PAYMENT_OUTBOX_CONFIRMED,
            CrashPoint.ORDER_INBOX_COMMITTED,
            CrashPoint.INVENTORY_COMMAND_COMMITTED,
            CrashPoint.DEADLINE_WRITTEN);

    /** Which points; {@code all}, or some by their names. */
    private static final String POINTS = System.getProperty("waybill.crash.points", "some");

    /** How often at each point: the first time that the process comes by, the second time, and so on. */
    private static final int TIMES = Integer.getInteger("waybill.crash.times", 1);

    private static CrashableSystem system;

    @BeforeAll
    static void start() {
        system = CrashableSystem.start("crashing");
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @Test
    @Order(1)
    void orders_come_by_every_point_that_is_listed() {
        system.takeOrders(1, PATIENCE, () -> {}, another -> {});

        assertThat(system.passed()).containsExactly(CrashPoint.values());
    }

    static Stream<Arguments> deaths() {
        List<CrashPoint> points = switch (POINTS) {
            case "some" -> SOME;
            case "all" -> List.of(CrashPoint.values());
            default -> Arrays.stream(POINTS.split(",")).map(CrashPoint::valueOf).toList();
        };
        return points.stream()
                .flatMap(point -> IntStream.rangeClosed(1, TIMES).mapToObj(passage -> Arguments.of(point, passage)));
    }

    @Order(2)
    @ParameterizedTest(name = "{0}, passed {1} times")
    @MethodSource("deaths")
    void a_process_that_dies_there_loses_nothing_and_does_nothing_twice(CrashPoint point, int passage) {
        long begin = System.nanoTime();
        system.diesAt(point, passage, PATIENCE);
        System.out.printf(
                "%s: %s; everything had ended right after %d ms%n",
                point, point.state(), (System.nanoTime() - begin) / 1_000_000);
    }
}
