package io.waybill.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The events that a listener has heard so far, in order. What the platform delivered twice (the same id) stands there
 * once; what a context told twice stands there twice.
 */
public final class EventLog {

    private final Queue<Heard> deliveries = new ConcurrentLinkedQueue<>();

    EventLog() {}

    void add(Heard heard) {
        deliveries.add(heard);
    }

    public List<Heard> all() {
        Map<String, Heard> byId = new LinkedHashMap<>();
        deliveries.forEach(heard -> byId.putIfAbsent(heard.id(), heard));
        return List.copyOf(byId.values());
    }

    /** The names of the events that happened to a subject. */
    public List<String> namesAbout(String subject) {
        return all().stream()
                .filter(heard -> heard.subject().equals(subject))
                .map(Heard::name)
                .toList();
    }
}
