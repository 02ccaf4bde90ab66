package io.waybill.acceptance.faults;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.waybill.acceptance.audit.Report;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run found.
 *
 * @param leftOut faults for which there was no time
 * @param gone processes of Waybill's that ended though nobody ended them
 */
record Result(
        Settings settings,
        Duration took,
        int orders,
        int unserved,
        double rate,
        List<Recovery> recoveries,
        int leftOut,
        Refusals refusals,
        Memory memory,
        List<String> gone,
        Report audit) {

    /** The parts after which the orders did not go on in time. */
    List<Recovery> late() {
        return recoveries.stream().filter(recovery -> !recovery.isInTime()).toList();
    }

    boolean isGood() {
        return audit.isClean()
                && late().isEmpty()
                && isWhole()
                && unserved == 0
                && memory.unbounded().isEmpty()
                && gone.isEmpty()
                && refusals.unhelpful() == 0
                && refusals.mistakes() == 0;
    }

    /** Whether the time was enough for all that was asked for. */
    boolean isWhole() {
        return leftOut == 0 && orders >= settings.orders();
    }

    @Override
    public String toString() {
        String kinds = new TreeMap<>(recoveries.stream().collect(groupingBy(Recovery::kind)))
                .entrySet().stream()
                        .map(entry -> "  %3d x %s: back after %.1f s at most%n"
                                .formatted(entry.getValue().size(), entry.getKey(), slowest(entry.getValue())))
                        .collect(Collectors.joining());
        return """
            seed                               %d
            faults                             %d of %d kinds
            orders                             %d, %.1f a second without faults
            customers who were never served    %d
            time                               %d s
            violations                         %d
            slowest recovery                   %.1f s
            recoveries above 10 s              %d
            faults by kind:
            %srefused orders, which were sent again:
            %smemory:
            %sprocesses that ended by themselves: %s
            %s\
            """.formatted(
                        settings.seed(),
                        recoveries.size(),
                        recoveries.stream()
                                .collect(groupingBy(Recovery::kind, counting()))
                                .size(),
                        orders,
                        rate,
                        unserved,
                        took.toSeconds(),
                        audit.violations().size(),
                        slowest(recoveries),
                        late().size(),
                        kinds,
                        refusals,
                        memory,
                        gone.isEmpty() ? "none" : String.join(", ", gone),
                        audit);
    }

    /** In seconds; infinite where one was not back. */
    private static double slowest(List<Recovery> recoveries) {
        return recoveries.stream()
                .mapToDouble(recovery ->
                        recovery.back().map(back -> back.toMillis() / 1e3).orElse(Double.POSITIVE_INFINITY))
                .max()
                .orElse(0);
    }
}
