package io.waybill.order.fulfilment;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.messaging.metrics.MessagingMeters;
import java.util.Locale;

/** Counts what fulfilments do; a batch of events that is repeated counts once. */
record FulfilmentMeters(MeterRegistry registry) {

    /** A step forward, or a compensation, begins. */
    void began(Step step) {
        String direction = step.isForward() ? "forward" : "backward";
        count("waybill.saga.steps", step, "direction", direction);
    }

    /** Nobody answered, and the step's command is sent again. */
    void repeated(Step step) {
        count("waybill.saga.repeats", step);
    }

    /** A compensation cannot be had, and waits for an operator. */
    void stuck(Step step) {
        count("waybill.saga.stuck", step);
    }

    private void count(String name, Step step, String... tags) {
        var counter = registry.counter(name, tags(step, tags));
        MessagingMeters.onceCommitted(counter::increment);
    }

    private static String[] tags(Step step, String... others) {
        String[] all = new String[others.length + 2];
        all[0] = "step";
        all[1] = step.name().toLowerCase(Locale.ROOT).replace('_', '-');
        System.arraycopy(others, 0, all, 2, others.length);
        return all;
    }
}
