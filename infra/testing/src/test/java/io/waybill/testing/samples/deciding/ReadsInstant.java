package io.waybill.testing.samples.deciding;

import java.time.Instant;

class ReadsInstant {

    Instant draw() {
        return Instant.now();
    }
}
