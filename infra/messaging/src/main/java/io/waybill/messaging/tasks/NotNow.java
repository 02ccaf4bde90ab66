package io.waybill.messaging.tasks;

import java.time.Duration;

/** A partner is not asked, because it has failed too often or is busy enough; a task that hears this is due later. */
public final class NotNow extends RuntimeException {

    private final Duration after;

    NotNow(Duration after, Throwable cause) {
        super(cause.getMessage(), cause);
        this.after = after;
    }

    /** When it is worth asking again. */
    Duration after() {
        return after;
    }
}
