package io.waybill.acceptance.faults;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How much memory each process has, at first, at most and at last. */
final class Memory {

    private record Use(long first, long most, long last) {

        Use then(long now) {
            return new Use(first, Math.max(most, now), now);
        }
    }

    /** A full heap, and as much again for code, threads and buffers. */
    private static final long BOUND = (2L * Rig.HEAP_MEGABYTES) << 20;

    private final Map<String, Use> uses = new TreeMap<>();
    private final Set<String> instances = new TreeSet<>();

    synchronized void look(Rig rig) {
        Map<String, Long> now = new LinkedHashMap<>();
        rig.instances().forEach(instance -> instances.add(instance.name()));
        rig.instances().forEach(instance -> now.put(instance.name(), instance.memory()));
        rig.servers().forEach(server -> now.put(server.name(), server.memory()));
        now.forEach((name, bytes) -> {
            if (bytes > 0) {
                uses.merge(name, new Use(bytes, bytes, bytes), (before, first) -> before.then(bytes));
            }
        });
    }

    /** Waybill's own processes that had more than they may ever need. */
    synchronized List<String> unbounded() {
        return instances.stream()
                .filter(name -> uses.containsKey(name) && uses.get(name).most() > BOUND)
                .toList();
    }

    @Override
    public synchronized String toString() {
        var lines = new StringBuilder();
        uses.forEach((name, use) -> lines.append("  %-12s %4d MB at first, %4d at most, %4d at last%n"
                .formatted(name, use.first() >> 20, use.most() >> 20, use.last() >> 20)));
        return lines.toString();
    }
}
