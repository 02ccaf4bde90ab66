package io.waybill.gateway.resilience;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Retries are allowed as a part of the requests of the last ten seconds, so that many that fail do not become three
 * times as many.
 */
final class RetryBudget {

    private static final int SECONDS = 10;

    private final int percent;
    private final int minimum;
    private final LongSupplier nanoTime;
    private final long[] requests = new long[SECONDS];
    private final long[] retries = new long[SECONDS];
    private long second;

    RetryBudget(int percent, int minimum, LongSupplier nanoTime) {
        this.percent = percent;
        this.minimum = minimum;
        this.nanoTime = nanoTime;
        this.second = now();
    }

    synchronized void request() {
        advance();
        requests[slot(second)]++;
    }

    /** Takes one retry, where there is one left. */
    synchronized boolean takeRetry() {
        advance();
        var allowed = minimum + Arrays.stream(requests).sum() * percent / 100;
        if (Arrays.stream(retries).sum() >= allowed) {
            return false;
        }
        retries[slot(second)]++;
        return true;
    }

    private void advance() {
        var now = now();
        for (var passed = Math.max(second + 1, now - SECONDS + 1); passed <= now; passed++) {
            requests[slot(passed)] = 0;
            retries[slot(passed)] = 0;
        }
        second = now;
    }

    private long now() {
        return Math.floorDiv(nanoTime.getAsLong(), 1_000_000_000L);
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, (long) SECONDS);
    }
}
