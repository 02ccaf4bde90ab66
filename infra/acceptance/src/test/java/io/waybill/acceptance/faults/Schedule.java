package io.waybill.acceptance.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Faults in an order that a seed repeats: all kinds in turn, each turn shuffled. */
final class Schedule {

    private static final int SHORTEST_MILLIS = 1_000;
    private static final int LONGEST_MILLIS = 6_000;

    private Schedule() {}

    /** @param possible which kinds this machine can do */
    static List<Fault> of(long seed, int count, Predicate<Kind> possible) {
        var random = new Random(seed);
        List<Kind> kinds = Stream.of(Kind.values()).filter(possible).toList();
        List<Fault> faults = new ArrayList<>();
        while (faults.size() < count) {
            List<Kind> turn = new ArrayList<>(kinds);
            Collections.shuffle(turn, random);
            turn.forEach(kind -> faults.add(new Fault(
                    kind,
                    random.nextInt(Integer.MAX_VALUE),
                    Duration.ofMillis(random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS)))));
        }
        return List.copyOf(faults.subList(0, count));
    }
}
