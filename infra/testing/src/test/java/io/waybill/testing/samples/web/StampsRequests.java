package io.waybill.testing.samples.web;

import java.time.Instant;

class StampsRequests {

    Instant draw() {
        return Instant.now();
    }
}
