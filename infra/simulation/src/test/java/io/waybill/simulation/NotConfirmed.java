package io.waybill.simulation;

/** The broker did not confirm what was published: it may or may not have it. */
final class NotConfirmed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotConfirmed() {
        super("not confirmed", null, false, false);
    }
}
