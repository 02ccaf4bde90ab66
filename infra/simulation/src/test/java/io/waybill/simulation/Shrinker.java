package io.waybill.simulation;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Makes a failing run simpler: leaves out choices and replaces them with harmless ones, in ever smaller blocks, as long
 * as it still fails.
 */
final class Shrinker {

    private static final int MOST_TRIES = 4_000;

    private final Predicate<int[]> fails;
    private int tries;

    private Shrinker(Predicate<int[]> fails) {
        this.fails = fails;
    }

    static int[] shrink(int[] choices, Predicate<int[]> fails) {
        return new Shrinker(fails).shrink(choices);
    }

    private int[] shrink(int[] choices) {
        int[] best = choices;
        boolean better = true;
        while (better) {
            int[] before = best;
            for (int block = best.length / 2; block > 0; block /= 2) {
                best = withoutBlocks(best, block);
                best = withHarmlessBlocks(best, block);
            }
            better = !Arrays.equals(before, best) && tries < MOST_TRIES;
        }
        return best;
    }

    private int[] withoutBlocks(int[] choices, int block) {
        int[] best = choices;
        for (int from = best.length - block; from >= 0; from -= block) {
            int[] shorter = new int[best.length - block];
            System.arraycopy(best, 0, shorter, 0, from);
            System.arraycopy(best, from + block, shorter, from, best.length - from - block);
            best = stillFails(shorter) ? shorter : best;
        }
        return best;
    }

    private int[] withHarmlessBlocks(int[] choices, int block) {
        int[] best = choices;
        for (int from = 0; from + block <= best.length; from += block) {
            int[] harmless = best.clone();
            Arrays.fill(harmless, from, from + block, 0);
            if (!Arrays.equals(harmless, best) && stillFails(harmless)) {
                best = harmless;
            }
        }
        return best;
    }

    private boolean stillFails(int[] choices) {
        return tries++ < MOST_TRIES && fails.test(choices);
    }
}
