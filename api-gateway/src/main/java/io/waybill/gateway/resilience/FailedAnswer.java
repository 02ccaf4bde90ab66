package io.waybill.gateway.resilience;

/** A context answered that it failed. */
final class FailedAnswer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    FailedAnswer(int status) {
        super("answered " + status, null, false, false);
        this.status = status;
    }

    /** Whether the same request may well succeed a moment later; a mistake in the context stays one. */
    boolean isTemporary() {
        return status >= 502 && status <= 504;
    }
}
