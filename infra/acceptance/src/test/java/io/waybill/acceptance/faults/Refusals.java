package io.waybill.acceptance.faults;

import io.waybill.acceptance.audit.Client.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** How orders were refused that could not be taken. Thread-safe. */
final class Refusals {

    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, Duration> slowest = new TreeMap<>();

    synchronized void add(Reply reply, Duration after) {
        String kind = "%d %s%s"
                .formatted(
                        reply.status(),
                        reply.body().path("code").asText(),
                        reply.status() == 503 && reply.retryAfter().isEmpty() ? " without Retry-After" : "");
        add(kind, after);
    }

    synchronized void unanswered(Exception cause, Duration after) {
        add("no answer: " + cause.getClass().getSimpleName(), after);
    }

    /** Refusals that do not say when to come again. */
    synchronized long unhelpful() {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("without Retry-After"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private void add(String kind, Duration after) {
        counts.merge(kind, 1, Integer::sum);
        slowest.merge(kind, after, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    @Override
    public synchronized String toString() {
        var lines = new StringBuilder();
        counts.forEach((kind, count) -> lines.append("  %5d x %s, after %.1f s at most%n"
                .formatted(count, kind, slowest.get(kind).toMillis() / 1e3)));
        return lines.toString();
    }
}
