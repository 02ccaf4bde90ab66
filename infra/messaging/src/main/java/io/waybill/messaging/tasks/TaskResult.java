package io.waybill.messaging.tasks;

import java.time.Duration;

/** What becomes of a task after a run. */
public sealed interface TaskResult {

    record Done() implements TaskResult {}

    record Again(Duration after) implements TaskResult {}

    static TaskResult done() {
        return new Done();
    }

    static TaskResult again(Duration after) {
        return new Again(after);
    }
}
