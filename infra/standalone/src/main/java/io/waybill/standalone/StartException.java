package io.waybill.standalone;

/** Waybill cannot start; the message is one sentence for the person who started it. */
final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartException(String message) {
        super(message);
    }

    StartException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What went wrong in the part of this name, told by its innermost cause. */
    static StartException of(String part, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? "" : ": " + firstLine(cause.getMessage());
        return new StartException(
                "%s did not start: %s%s".formatted(part, cause.getClass().getSimpleName(), message), failure);
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("").strip();
    }
}
