package io.waybill.testing.samples.deciding;

import java.time.ZoneId;
import java.time.ZonedDateTime;

class ReadsZone {

    ZonedDateTime draw() {
        return ZonedDateTime.now(ZoneId.of("UTC"));
    }
}
