package io.waybill.order;

import io.waybill.messaging.RejectionCode;

/** Why the order context refuses what a caller asks for. */
public enum OrderRejection implements RejectionCode {
    UNKNOWN_SKU(Kind.UNPROCESSABLE),
    MIXED_CURRENCIES(Kind.UNPROCESSABLE),
    ORDER_NOT_FOUND(Kind.NOT_FOUND),
    ORDER_ALREADY_DISPATCHED(Kind.CONFLICT),
    ORDER_NOT_CANCELLABLE(Kind.CONFLICT),
    COMPENSATION_NOT_STUCK(Kind.CONFLICT),
    READ_MODEL_REBUILDING(Kind.UNAVAILABLE),
    REQUEST_IN_FLIGHT(Kind.CONFLICT),
    IDEMPOTENCY_KEY_REUSED(Kind.UNPROCESSABLE),
    TOO_MANY_STREAMS(Kind.UNAVAILABLE);

    private final Kind kind;

    OrderRejection(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
