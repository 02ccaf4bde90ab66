package io.waybill.acceptance.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How much goes wrong, and for how long.
 *
 * @param kinds of faults
 * @param orders at least so many are placed
 * @param rate of orders, per second
 * @param bound within which everything ends
 * @param outage for which each server is taken away at the end; none if zero
 * @param warmUp before the first fault: what started a moment ago is slow
 */
record Settings(
        long seed,
        int faults,
        Set<Kind> kinds,
        int orders,
        double rate,
        Duration bound,
        Duration outage,
        Duration warmUp) {

    /** From system properties; the defaults are the short form. */
    static Settings fromProperties() {
        return new Settings(
                Long.getLong("waybill.faults.seed", new Random().nextInt(1_000_000)),
                Integer.getInteger("waybill.faults.count", 10),
                kinds(System.getProperty("waybill.faults.kinds", "")),
                Integer.getInteger("waybill.faults.orders", 0),
                Double.parseDouble(System.getProperty("waybill.faults.rate", "3")),
                Duration.ofMinutes(Integer.getInteger("waybill.faults.minutes", 4)),
                Duration.ofSeconds(Integer.getInteger("waybill.faults.outage", 0)),
                Duration.ofSeconds(Integer.getInteger("waybill.faults.warm-up", 20)));
    }

    /** Their names, with commas between them; all if there are none. */
    private static Set<Kind> kinds(String names) {
        return names.isEmpty()
                ? EnumSet.allOf(Kind.class)
                : Arrays.stream(names.split(",", -1)).map(Kind::valueOf).collect(Collectors.toSet());
    }
}
