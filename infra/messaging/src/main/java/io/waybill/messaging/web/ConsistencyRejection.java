package io.waybill.messaging.web;

import io.waybill.messaging.RejectionCode;

/** Why a request with a consistency token was refused. */
enum ConsistencyRejection implements RejectionCode {
    INVALID_CONSISTENCY_TOKEN(Kind.BAD_REQUEST),
    READ_MODEL_BEHIND(Kind.UNAVAILABLE);

    private final Kind kind;

    ConsistencyRejection(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
