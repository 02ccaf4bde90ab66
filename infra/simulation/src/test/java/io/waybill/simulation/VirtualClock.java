package io.waybill.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Time that passes only when it is told to. */
final class VirtualClock extends Clock {

    private static final Instant BEGIN = Instant.parse("2026-11-22T12:00:00Z");

    private long millis;

    void reset() {
        millis = 0;
    }

    long now() {
        return millis;
    }

    void advanceTo(long then) {
        millis = Math.max(millis, then);
    }

    long in(Duration duration) {
        return millis + duration.toMillis();
    }

    @Override
    public Instant instant() {
        return BEGIN.plusMillis(millis);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
