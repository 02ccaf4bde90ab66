package io.waybill.gateway.resilience;

import java.io.IOException;

/** A context did not answer in time, and asking again does no harm. */
final class NoAnswer extends IOException {

    private static final long serialVersionUID = 1L;

    NoAnswer(Throwable cause) {
        super("no answer in time", cause);
    }
}
