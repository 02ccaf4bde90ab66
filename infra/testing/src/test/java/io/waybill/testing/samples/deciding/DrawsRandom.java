package io.waybill.testing.samples.deciding;

import java.util.Random;

class DrawsRandom {

    int draw() {
        return new Random().nextInt();
    }
}
