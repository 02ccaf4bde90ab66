package io.waybill.messaging.tasks;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One run of a task. Whoever changes the task afterwards shows the run's id, so that an outlived run changes nothing.
 *
 * @param traceparent the trace context that the task was enqueued in; null where there was none
 */
record Claim(
        String queue,
        String key,
        int attempt,
        UUID id,
        @Nullable String traceparent) {

    @Override
    public String toString() {
        return queue + " " + key;
    }
}
