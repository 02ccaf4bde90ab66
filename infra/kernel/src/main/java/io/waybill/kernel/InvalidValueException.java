package io.waybill.kernel;

/** A value from outside breaks a rule of its type; the message is for the person who sent it. */
public final class InvalidValueException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public InvalidValueException(String rule) {
        super(rule);
    }

    public InvalidValueException(String rule, Throwable cause) {
        super(rule, cause);
    }
}
