package io.waybill.testing.samples.deciding;

import java.util.concurrent.ThreadLocalRandom;

class DrawsThreadLocal {

    int draw() {
        return ThreadLocalRandom.current().nextInt();
    }
}
