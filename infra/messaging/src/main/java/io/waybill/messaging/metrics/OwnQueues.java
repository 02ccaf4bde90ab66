package io.waybill.messaging.metrics;

import java.util.List;

/** The names of the queues that a context empties. */
public record OwnQueues(List<String> names) {

    public OwnQueues {
        names = List.copyOf(names);
    }
}
