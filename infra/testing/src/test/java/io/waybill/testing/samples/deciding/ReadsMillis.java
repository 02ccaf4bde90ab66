package io.waybill.testing.samples.deciding;

class ReadsMillis {

    long draw() {
        return System.currentTimeMillis();
    }
}
