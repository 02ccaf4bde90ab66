package io.waybill.gateway.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests of one kind that are under way, at most so many at once. */
final class Lane {

    private final int places;
    private final AtomicInteger taken = new AtomicInteger();
    private final Counter refusals;

    Lane(String name, int places, MeterRegistry metrics) {
        this.places = places;
        this.refusals = metrics.counter("waybill.gateway.admission.refused", "lane", name);
        Gauge.builder("waybill.gateway.admission.under-way", taken, AtomicInteger::get)
                .tag("lane", name)
                .description("requests that are being answered")
                .register(metrics);
    }

    boolean enter() {
        if (taken.incrementAndGet() <= places) {
            return true;
        }
        taken.decrementAndGet();
        refusals.increment();
        return false;
    }

    void leave() {
        taken.decrementAndGet();
    }
}
