package io.waybill.acceptance.faults;

import java.time.Duration;
import java.util.Optional;

/**
 * What became of a fault.
 *
 * @param part what it was done to
 * @param back how long after the part answered again orders were accepted and decided as before; nothing if they were
 *     not within the time that was waited
 */
record Recovery(String kind, String part, Optional<Duration> back) {

    private static final Duration IN_TIME = Duration.ofSeconds(10);

    boolean isInTime() {
        return back.isPresent() && back.get().compareTo(IN_TIME) <= 0;
    }

    @Override
    public String toString() {
        return "%s (%s): %s"
                .formatted(
                        kind,
                        part,
                        back.map(time -> "back after %.1f s".formatted(time.toMillis() / 1e3))
                                .orElse("not back"));
    }
}
