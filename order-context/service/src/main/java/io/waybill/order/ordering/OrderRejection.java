package io.waybill.order.ordering;

import io.waybill.messaging.RejectionCode;

/** Why an order refuses what is asked of it. */
enum OrderRejection implements RejectionCode {
    UNKNOWN_SKU(Kind.UNPROCESSABLE),
    MIXED_CURRENCIES(Kind.UNPROCESSABLE),
    ORDER_ALREADY_DISPATCHED(Kind.CONFLICT),
    ORDER_NOT_CANCELLABLE(Kind.CONFLICT),
    COMPENSATION_NOT_STUCK(Kind.CONFLICT);

    private final Kind kind;

    OrderRejection(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
