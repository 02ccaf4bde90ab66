package io.waybill.messaging.tasks;

import java.util.UUID;

/**
 * One run of a task. Whoever changes the task afterwards shows the run's id, so that an outlived run changes nothing.
 */
record Claim(String queue, String key, int attempt, UUID id) {

    @Override
    public String toString() {
        return queue + " " + key;
    }
}
