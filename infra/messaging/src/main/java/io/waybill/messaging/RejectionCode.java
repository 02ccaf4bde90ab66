package io.waybill.messaging;

/** A stable code that programs may rely on. Each context has one enum of them. */
public interface RejectionCode {

    String name();

    Kind kind();

    /** What kind of refusal it is, and with it the HTTP status. */
    enum Kind {
        BAD_REQUEST(400),
        NOT_FOUND(404),
        CONFLICT(409),
        UNPROCESSABLE(422),
        UNAVAILABLE(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }
}
