package io.waybill.acceptance.faults;

import java.time.Duration;

/**
 * Something that goes wrong for a while.
 *
 * @param choice says which of those that it can happen to; never negative
 */
record Fault(Kind kind, int choice, Duration time) {

    @Override
    public String toString() {
        return "%s, choice %d, for %.1f s".formatted(kind, choice, time.toMillis() / 1e3);
    }
}
