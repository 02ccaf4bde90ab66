package io.waybill.order.web;

import io.waybill.messaging.RejectionCode;

/** Why a request is refused before an order is asked. */
enum RequestRejection implements RejectionCode {
    ORDER_NOT_FOUND(Kind.NOT_FOUND),
    REQUEST_IN_FLIGHT(Kind.CONFLICT),
    IDEMPOTENCY_KEY_REUSED(Kind.UNPROCESSABLE);

    private final Kind kind;

    RequestRejection(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
