package io.waybill.simulation;

/** A partner was asked, and nobody knows what it did. */
public final class Unanswered extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public Unanswered() {
        super("no answer", null, false, false);
    }
}
