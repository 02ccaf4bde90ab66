package io.waybill.messaging.tasks;

import java.time.Duration;

/** No answer came in time; whether the call worked is not known. */
public final class TimeLimitExceeded extends RuntimeException {

    TimeLimitExceeded(Duration limit, Throwable cause) {
        super("no answer within " + limit.toMillis() + " ms", cause);
    }
}
