package io.waybill.messaging.processing;

/** Another process owns the segment now, or its token was reset: what was done for it must not be committed. */
final class ClaimLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ClaimLostException(String processor, int segment) {
        super(processor + "[" + segment + "] is no longer owned by this process", null, false, false);
    }
}
