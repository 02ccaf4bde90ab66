package io.waybill.messaging;

/**
 * Tells the caller of a command over HTTP why it was not accepted. Never logged above INFO and never sent between
 * contexts: what others must react to is an event.
 */
public final class Rejection extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient RejectionCode code;

    /**
     * A refusal to be told to the caller.
     *
     * @param detail a sentence for a person: what is wrong and what to do; without secrets and personal data
     */
    public Rejection(RejectionCode code, String detail) {
        super(detail, null, false, false);
        this.code = code;
    }

    public RejectionCode code() {
        return code;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
