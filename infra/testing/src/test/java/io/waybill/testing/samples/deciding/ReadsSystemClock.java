package io.waybill.testing.samples.deciding;

import java.time.Clock;
import java.time.Instant;

class ReadsSystemClock {

    Instant draw() {
        return Clock.systemUTC().instant();
    }
}
