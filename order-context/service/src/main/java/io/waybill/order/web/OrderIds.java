package io.waybill.order.web;

import io.waybill.kernel.OrderId;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Draws the ids of new orders. */
record OrderIds(InstantSource clock, RandomGenerator random) {

    OrderId next() {
        return OrderId.timeOrdered(clock.instant(), random);
    }
}
