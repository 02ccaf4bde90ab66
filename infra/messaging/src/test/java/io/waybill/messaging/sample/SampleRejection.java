package io.waybill.messaging.sample;

import io.waybill.messaging.RejectionCode;

/** Why the sample context refuses. */
public enum SampleRejection implements RejectionCode {
    NOTHING_TO_PLACE(Kind.UNPROCESSABLE),
    SHELF_UNKNOWN(Kind.NOT_FOUND);

    private final Kind kind;

    SampleRejection(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
