package io.waybill.testing.samples.deciding;

import java.time.Instant;
import java.util.function.Supplier;

class RefersToNow {

    Supplier<Instant> draw() {
        return Instant::now;
    }
}
