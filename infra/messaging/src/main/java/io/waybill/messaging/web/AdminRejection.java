package io.waybill.messaging.web;

import io.waybill.messaging.RejectionCode;

/** Why an operator's wish was refused. */
enum AdminRejection implements RejectionCode {
    PROCESSOR_NOT_FOUND(Kind.NOT_FOUND),
    PROCESSOR_NOT_REPLAYABLE(Kind.CONFLICT),
    REPLAY_ONLY_FROM_START(Kind.CONFLICT),
    NOTHING_TO_REPLAY(Kind.CONFLICT),
    PARKED_NOT_FOUND(Kind.NOT_FOUND);

    private final Kind kind;

    AdminRejection(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
