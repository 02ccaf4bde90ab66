package io.waybill.testing.samples.deciding;

class DrawsMath {

    boolean draw() {
        return Math.random() > 0.5;
    }
}
