package io.waybill.acceptance.faults;

import io.waybill.acceptance.audit.Client.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How orders were refused that could not be taken. Thread-safe. */
final class Refusals {

    private final Map<String, List<Duration>> times = new TreeMap<>();

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
        return times.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("without Retry-After"))
                .mapToLong(entry -> entry.getValue().size())
                .sum();
    }

    /** Answers that say that Waybill made a mistake. */
    synchronized long mistakes() {
        return times.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("500 "))
                .mapToLong(entry -> entry.getValue().size())
                .sum();
    }

    private void add(String kind, Duration after) {
        times.computeIfAbsent(kind, it -> new ArrayList<>()).add(after);
    }

    @Override
    public synchronized String toString() {
        var lines = new StringBuilder();
        times.forEach((kind, all) -> {
            List<Duration> sorted = all.stream().sorted().toList();
            lines.append("  %5d x %s, after %.1f s in the median, %.1f s at most%n"
                    .formatted(sorted.size(), kind, seconds(sorted.get(sorted.size() / 2)), seconds(sorted.getLast())));
        });
        return lines.toString();
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }
}
