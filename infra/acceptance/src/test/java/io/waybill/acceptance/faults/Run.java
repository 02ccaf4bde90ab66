package io.waybill.acceptance.faults;

import io.waybill.acceptance.audit.Auditor;
import io.waybill.acceptance.audit.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Starts the rig, lets customers come, injects the faults of a schedule, and audits what is left. */
final class Run {

    private static final Path OUTPUT =
            Path.of(System.getProperty("waybill.acceptance.output", "target/acceptance"), "faults");
    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    /** Before each long outage, so that what is measured after it is not what an earlier one left to do. */
    private static final Duration CALM = Duration.ofMinutes(1);

    private static final Duration MOST_FOR_RECOVERY = Duration.ofSeconds(60);
    private static final Duration LAST_CUSTOMERS = Duration.ofMinutes(5);
    private static final Duration REST = Duration.ofMinutes(3);
    private static final Duration STEP = Duration.ofMillis(200);

    private final Settings settings;
    private final Rig rig;
    private final Rates rates;
    private final Customers customers;
    private final Memory memory = new Memory();
    private final List<Recovery> recoveries = new ArrayList<>();
    private final long begin = System.nanoTime();
    private double before;
    private int leftOut;

    private Run(Settings settings, Rig rig, Rates rates, Customers customers) {
        this.settings = settings;
        this.rig = rig;
        this.rates = rates;
        this.customers = customers;
    }

    static Result with(Settings settings) throws IOException, SQLException {
        System.out.println("Faults with the seed " + settings.seed() + " in the logs of " + OUTPUT.toAbsolutePath());
        var rates = new Rates();
        try (Rig rig = Rig.start(OUTPUT)) {
            System.out.println("Everything is ready");
            try (Customers customers = Customers.at(rig, settings.seed(), rates);
                    Decisions decisions = Decisions.of(rig, rates)) {
                decisions.watch();
                Result result = new Run(settings, rig, rates, customers).result();
                System.out.print(result);
                Files.writeString(OUTPUT.resolve("report.txt"), result.toString());
                return result;
            }
        }
    }

    /** The same from a command line; ends with 1 if anything is wrong. */
    public static void main(String[] args) throws IOException, SQLException {
        if (!Binaries.missing().isEmpty()) {
            System.err.println("This machine lacks " + Binaries.missing());
            System.exit(2);
        }
        Result result = with(Settings.fromProperties());
        System.exit(result.isGood() ? 0 : 1);
    }

    private Result result() throws SQLException {
        ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().factory());
        try {
            customers.come(settings.rate());
            Rig.pause(settings.warmUp());
            measure();
            System.out.printf("%.1f orders a second before the first fault%n", before);
            memory.look(rig);
            var unused = looks.scheduleWithFixedDelay(() -> memory.look(rig), 3, 3, TimeUnit.SECONDS);
            breakEverything();
        } finally {
            looks.shutdownNow();
        }
        customers.stop();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        long patience = System.nanoTime() + LAST_CUSTOMERS.toNanos();
        while (customers.busy() > 0 && System.nanoTime() < patience) {
            Rig.pause(STEP);
        }
        int unserved = customers.unserved();
        System.out.println("The audit begins; " + unserved + " customers were never served");
        Report audit = new Auditor(rig.site()).everything(customers.promises(), true, REST);
        memory.look(rig);
        return new Result(
                settings,
                took,
                customers.sent(),
                unserved,
                before,
                recoveries,
                leftOut,
                customers.refusals(),
                memory,
                rig.instances().stream()
                        .filter(Instance::hasEndedByItself)
                        .map(Instance::name)
                        .toList(),
                audit);
    }

    /** The best that was seen so far is what has to be reached again; a machine that warms up gets better. */
    private void measure() {
        long now = System.nanoTime();
        before = Math.max(before, Math.min(settings.rate(), rates.perSecond(now - MEASURED.toNanos(), now)));
    }

    private void breakEverything() throws SQLException {
        var injector = new Injector(rig);
        leftOut = settings.faults();
        for (Fault fault : Schedule.of(
                settings.seed(), settings.faults(), kind -> settings.kinds().contains(kind) && injector.canDo(kind))) {
            if (isOver()) {
                System.out.println("The time is over; some faults were left out");
                break;
            }
            measure();
            String part = injector.inject(fault);
            leftOut--;
            recover(fault.kind().toString(), part, System.nanoTime());
        }
        if (settings.outage().isPositive()) {
            for (Server server : rig.servers()) {
                Rig.pause(CALM);
                injector.away(server, settings.outage());
                recover(
                        server.name() + " away for " + settings.outage().toSeconds() + " s",
                        server.name(),
                        System.nanoTime());
            }
        }
        while (customers.sent() < settings.orders() && !isOver()) {
            Rig.pause(STEP);
        }
    }

    private boolean isOver() {
        return System.nanoTime() - begin > settings.bound().toNanos();
    }

    private void recover(String kind, String part, long answered) {
        OptionalLong back = OptionalLong.empty();
        while (back.isEmpty() && System.nanoTime() - answered < MOST_FOR_RECOVERY.toNanos()) {
            Rig.pause(STEP);
            back = rates.backAfter(answered, before, System.nanoTime());
        }
        var recovery = new Recovery(
                kind, part, back.isPresent() ? Optional.of(Duration.ofNanos(back.getAsLong())) : Optional.empty());
        recoveries.add(recovery);
        System.out.printf(
                "%4d s %4d. %s; %d orders, %d waiting%n",
                Duration.ofNanos(System.nanoTime() - begin).toSeconds(),
                recoveries.size(),
                recovery,
                customers.sent(),
                customers.busy());
        Rig.pause(BETWEEN);
    }
}
