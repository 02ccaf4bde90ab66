package io.waybill.acceptance.faults;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;

/** When orders were accepted, and when it was seen that they were decided. Thread-safe. */
final class Rates {

    private static final long WINDOW = Duration.ofSeconds(2).toNanos();
    private static final long STEP = Duration.ofMillis(100).toNanos();
    private static final double BACK = 0.8;

    private final ConcurrentSkipListMap<Long, Integer> accepted = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, Integer> decided = new ConcurrentSkipListMap<>();

    void accepted(long now) {
        accepted.merge(now, 1, Integer::sum);
    }

    void decided(long now, int orders) {
        decided.merge(now, orders, Integer::sum);
    }

    int decided() {
        return sum(decided, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** The fewer of the orders accepted and decided in each second of a time. */
    double perSecond(long from, long to) {
        double seconds = (to - from) / 1e9;
        return Math.min(sum(accepted, from, to), sum(decided, from, to)) / seconds;
    }

    /**
     * How long after a moment two seconds begin in which at least four fifths as many orders were accepted as a rate
     * says, and as many decided; nothing if that has not come about by now.
     */
    OptionalLong backAfter(long moment, double perSecond, long now) {
        double needed = BACK * perSecond * WINDOW / 1e9;
        for (long from = moment; from + WINDOW <= now; from += STEP) {
            if (sum(accepted, from, from + WINDOW) >= needed && sum(decided, from, from + WINDOW) >= needed) {
                return OptionalLong.of(from - moment);
            }
        }
        return OptionalLong.empty();
    }

    private static int sum(ConcurrentSkipListMap<Long, Integer> counts, long from, long to) {
        return counts.subMap(from, true, to, false).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
    }
}
