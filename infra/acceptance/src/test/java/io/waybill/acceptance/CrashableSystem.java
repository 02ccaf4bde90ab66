package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.acceptance.ChildJvm.Signal;
import io.waybill.acceptance.Distributed.Equipment;
import io.waybill.acceptance.crash.CrashPoint;
import io.waybill.acceptance.crash.Defect;
import io.waybill.acceptance.crash.Tripwire;
import io.waybill.acceptance.crash.Tripwire.Effect;
import io.waybill.testing.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A system with a tripwire across every context's path. */
final class CrashableSystem implements AutoCloseable {

    /** A saga repeats itself soon, and gives nobody up while a context starts again. */
    private static final List<String> WAITS = List.of(
            "waybill.fulfilment.first-wait=1s",
            "waybill.fulfilment.max-wait=2s",
            "waybill.fulfilment.patience=200",
            "waybill.fulfilment.compensation-retries=1",
            "waybill.payment.sandbox.slowness=3s");

    /** How long anything may take on a machine that is busy with something else. */
    private static final Duration LONG = Duration.ofMinutes(4);

    private static final Duration UNTIL_MORE_COME = Duration.ofSeconds(15);

    /** Of each product; more than are ever bought of it. */
    static final int PIECES = 100;

    private final Distributed waybill;
    private final Path folder;
    private final Map<String, Tripwire> tripwires;

    private CrashableSystem(String name) {
        folder = TemporaryFolder.create(name);
        tripwires = Distributed.CONTEXTS.stream()
                .collect(
                        Collectors.toMap(context -> context, context -> Tripwire.of(context, folder.resolve(context))));
        waybill = Distributed.open(name, TestServers.freshNamespace(name), WAITS);
    }

    /**
     * Starts it, and returns when it is ready. Its processes start many times, so the first one leaves an archive of
     * its classes to all others, which then start in half the time.
     */
    static CrashableSystem start(String name) {
        var system = new CrashableSystem(name);
        system.equip("order", List.of("-XX:ArchiveClassesAtExit=" + system.archive()));
        system.waybill.run(1, "order");
        system.waybill.end("order", Signal.TERM);
        Distributed.CONTEXTS.forEach(context -> system.equip(context, List.of()));
        system.waybill.runAll();
        return system;
    }

    private Path archive() {
        return folder.resolve("classes.jsa");
    }

    Distributed waybill() {
        return waybill;
    }

    Tripwire tripwire(String context) {
        return tripwires.get(context);
    }

    private void equip(String context, List<String> options) {
        List<String> all = new ArrayList<>(tripwires.get(context).options());
        if (Files.exists(archive())) {
            all.add("-XX:SharedArchiveFile=" + archive());
        }
        all.addAll(options);
        waybill.equip(context, new Equipment(List.of(Path.of(System.getProperty("waybill.crash.jar"))), all));
    }

    /** Starts the process of a context anew, with a defect. */
    void plant(Defect defect, String context) {
        equip(context, defect.options());
        waybill.end(context, Signal.TERM);
        defect.change().ifPresent(change -> execute(context, change));
        waybill.run(1, context);
    }

    /** Starts it anew as it should be. */
    void heal(Defect defect, String context) {
        equip(context, List.of());
        waybill.end(context, Signal.KILL);
        defect.repair().ifPresent(repair -> execute(context, repair));
        // What the defect has spoilt is nobody else's failure.
        execute(context, "delete from parked_event; delete from parked_message");
        waybill.run(1, context);
    }

    private void execute(String context, String sql) {
        try (Connection connection = waybill.database(context).dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    void restart(String context, Signal signal) {
        waybill.end(context, signal);
        waybill.run(1, context);
    }

    /** All points that any process has ever come by. */
    Set<CrashPoint> passed() {
        return tripwires.values().stream()
                .flatMap(tripwire -> tripwire.passed().stream())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(CrashPoint.class)));
    }

    /**
     * Takes orders on all their ways; in the middle of it the process dies at the point and is started again. Returns
     * when everything has ended as it should.
     *
     * @param passage how often the point is passed before; at least so many orders take each way
     * @param patience how long all may take to end once the process is back
     */
    void diesAt(CrashPoint point, int passage, Duration patience) {
        Tripwire tripwire = tripwire(point.context());
        takeOrders(passage, patience, () -> tripwire.arm(point, passage, Effect.HALT), another -> {
            // Several may pass the point together, as alarms do that ring at the same time. Then more have to come.
            var next = new AtomicLong(System.nanoTime() + UNTIL_MORE_COME.toNanos());
            within(LONG, point + " is reached").until(() -> {
                if (System.nanoTime() > next.get()) {
                    another.run();
                    next.set(System.nanoTime() + UNTIL_MORE_COME.toNanos());
                }
                return tripwire.isTripped();
            });
            assertThat(waybill.processes(point.context()).getFirst().exitStatus())
                    .as("the process died there")
                    .isEqualTo(Tripwire.STATUS);
            restart(point.context(), Signal.KILL);
        });
    }

    /**
     * Takes orders on all their ways, and does something meanwhile; they have to end when that is over.
     *
     * @param meanwhile can take another order on each way
     */
    void takeOrders(int each, Duration patience, Runnable before, Consumer<Runnable> meanwhile) {
        Shop shop = Shop.at(waybill);
        Product product = offered(shop);
        before.run();
        var over = new AtomicBoolean();
        try (var customers = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                Map<String, Future<PlacedOrder>> journeys = new LinkedHashMap<>();
                Runnable another = () -> {
                    int number = journeys.size() / Journey.values().length + 1;
                    for (Journey journey : Journey.values()) {
                        journeys.put(
                                journey + " " + number,
                                customers.submit(() -> journey.travel(shop, product, over::get)));
                    }
                };
                for (int number = 1; number <= each; number++) {
                    another.run();
                }
                meanwhile.accept(another);
                long end = System.nanoTime() + patience.toNanos();
                journeys.forEach((name, journey) -> awaitEnd(name, journey, end));
            } finally {
                over.set(true);
                tripwires.values().forEach(Tripwire::disarm);
            }
        }
        check(shop);
    }

    /** A product of which all have heard that hear of products, so that what comes next is about orders. */
    Product offered(Shop shop) {
        Product product = shop.sells(PIECES);
        within(LONG, "the order context has heard of " + product.sku())
                .until(() -> waybill.database("order")
                                .rows("select type from event_stream where partition_key = '" + product.sku() + "'")
                                .size()
                        > 1);
        return product;
    }

    static void awaitEnd(String name, Future<PlacedOrder> journey, long end) {
        try {
            journey.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(name + " has not come to its end", e);
        } catch (ExecutionException e) {
            throw new AssertionError(
                    name + " has not come to its end: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What must be true when all orders of a shop have come to rest. */
    void check(Shop shop) {
        shop.audit();
        new Streams(waybill, shop.orders()).check();
        assertThat(new Operator(shop.gateway()).parked()).isEmpty();
    }

    @Override
    public void close() {
        waybill.close();
        TemporaryFolder.delete(folder);
    }
}
