package io.waybill.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what the runs have reached. */
final class Tally {

    private static final class Count {
        private long value;
    }

    private final Map<String, Count> counts = new HashMap<>();

    void count(String what) {
        counts.computeIfAbsent(what, name -> new Count()).value++;
    }

    long of(String what) {
        Count count = counts.get(what);
        return count == null ? 0 : count.value;
    }

    long startingWith(String prefix) {
        return counts.entrySet().stream()
                .filter(count -> count.getKey().startsWith(prefix))
                .mapToLong(count -> count.getValue().value)
                .sum();
    }

    Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((what, count) -> all.put(what, count.value));
        return all;
    }
}
