package io.waybill.testing.samples.deciding;

import java.time.Clock;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** How it is right. */
class TakesTheClock {

    Instant time(Clock clock) {
        return Instant.now(clock);
    }

    long chance(RandomGenerator random) {
        return random.nextLong();
    }
}
