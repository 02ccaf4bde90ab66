package io.waybill.messaging.stream;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How fast reads of news may follow each other. A few in a row happen at once, so that a lone order waits for nothing;
 * where news comes all the time, reads keep a distance, so that each finds several, and what follows from them is done
 * in one transaction instead of one each.
 */
public final class ReadingPace {

    private static final Duration DISTANCE = Duration.ofMillis(100);
    private static final int AT_ONCE = 20;

    private final LongSupplier clock;

    /**
     * When a read would be due if all kept their distance; never long past, so that no more than a few are saved up.
     */
    private long due;

    public ReadingPace() {
        this(System::nanoTime);
    }

    ReadingPace(LongSupplier clock) {
        this.clock = clock;
        this.due = clock.getAsLong() - AT_ONCE * DISTANCE.toNanos();
    }

    /** Waits until the next read may happen. */
    public void await() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(next());
    }

    /** How long the next read has to wait, in nanoseconds; it counts as done. */
    long next() {
        long now = clock.getAsLong();
        long distance = DISTANCE.toNanos();
        due = Math.max(due + distance, now - (AT_ONCE - 1) * distance);
        return Math.max(0, due - now);
    }
}
