package io.waybill.shipping.booking;

import io.waybill.messaging.tasks.Tasks;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it is asked for. */
final class RecordedTasks implements Tasks {

    private final List<String> asked = new ArrayList<>();

    @Override
    public void enqueue(String queue, String key) {
        asked.add("enqueue " + queue + " " + key);
    }

    @Override
    public void cancel(String queue, String key) {
        asked.add("cancel " + queue + " " + key);
    }

    List<String> asked() {
        return List.copyOf(asked);
    }
}
