package io.waybill.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * All that chance decides in a run: drawn from a seed, or given, and written down either way. Nought is always the
 * harmless choice, and what is not given is nought, so that a run becomes simpler by leaving choices out.
 */
final class Choices {

    private static final int ALL = 1000;

    private final @Nullable SplittableRandom random;
    private final int[] given;
    private int[] taken = new int[512];
    private int count;

    private Choices(@Nullable SplittableRandom random, int[] given) {
        this.random = random;
        this.given = given;
    }

    static Choices drawn(long seed) {
        return new Choices(new SplittableRandom(seed), new int[0]);
    }

    static Choices given(int... choices) {
        return new Choices(null, choices.clone());
    }

    /** One of the numbers from 0 on, below the bound. */
    int below(int bound) {
        return bound == 1 ? 0 : take(random == null ? Math.min(next(), bound - 1) : random.nextInt(bound));
    }

    /** Whether something happens that happens so many times in a thousand. */
    boolean chance(int perMille) {
        if (perMille == 0) {
            return false;
        }
        return take(random == null ? Math.min(next(), 1) : random.nextInt(ALL) < perMille ? 1 : 0) == 1;
    }

    <T> T oneOf(List<T> all) {
        return all.get(below(all.size()));
    }

    int[] taken() {
        return Arrays.copyOf(taken, count);
    }

    private int next() {
        return count < given.length ? given[count] : 0;
    }

    private int take(int choice) {
        if (count == taken.length) {
            taken = Arrays.copyOf(taken, 2 * count);
        }
        taken[count++] = choice;
        return choice;
    }
}
