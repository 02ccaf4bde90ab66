package io.waybill.order.fulfilment;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.messaging.metrics.MessagingMeters;
import java.util.Locale;

/** Counts what fulfilments do; a batch of events that is repeated counts once. */
record FulfilmentMeters(MeterRegistry registry) {

    private static final String STEPS = "waybill.saga.steps";
    private static final String REPEATS = "waybill.saga.repeats";
    private static final String STUCK = "waybill.saga.stuck";

    /** Counts from nothing, so that the first one is a change that can be seen. */
    FulfilmentMeters {
        for (Step step : Step.values()) {
            registry.counter(STEPS, tags(step, "direction", direction(step)));
            registry.counter(REPEATS, tags(step));
            registry.counter(STUCK, tags(step));
        }
    }

    /** A step forward, or a compensation, begins. */
    void began(Step step) {
        count(STEPS, step, "direction", direction(step));
    }

    /** Nobody answered, and the step's command is sent again. */
    void repeated(Step step) {
        count(REPEATS, step);
    }

    /** A compensation cannot be had, and waits for an operator. */
    void stuck(Step step) {
        count(STUCK, step);
    }

    private void count(String name, Step step, String... tags) {
        var counter = registry.counter(name, tags(step, tags));
        MessagingMeters.onceCommitted(counter::increment);
    }

    private static String direction(Step step) {
        return step.isForward() ? "forward" : "backward";
    }

    private static String[] tags(Step step, String... others) {
        String[] all = new String[others.length + 2];
        all[0] = "step";
        all[1] = step.name().toLowerCase(Locale.ROOT).replace('_', '-');
        System.arraycopy(others, 0, all, 2, others.length);
        return all;
    }
}
