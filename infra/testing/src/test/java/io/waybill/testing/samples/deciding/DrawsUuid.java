package io.waybill.testing.samples.deciding;

import java.util.UUID;

class DrawsUuid {

    UUID draw() {
        return UUID.randomUUID();
    }
}
