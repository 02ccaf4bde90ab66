package io.waybill.testing.samples.deciding;

import java.time.LocalDate;

@SuppressWarnings("JavaTimeDefaultTimeZone")
class ReadsDate {

    LocalDate draw() {
        return LocalDate.now();
    }
}
