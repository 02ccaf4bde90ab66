package io.waybill.gateway.resilience;

/** A context answered that it could not do what was asked. */
final class FailedAnswer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final boolean well;

    /** @param well whether the context says that nothing is wrong with it */
    FailedAnswer(int status, boolean well) {
        super("answered " + status, null, false, false);
        this.status = status;
        this.well = well;
    }

    boolean isOfWellContext() {
        return well;
    }

    /** Whether the same request may well succeed a moment later; a mistake in the context stays one. */
    boolean isTemporary() {
        return status >= 502 && status <= 504;
    }
}
