package io.waybill.payment.web;

import io.waybill.messaging.RejectionCode;

/** Why a request about payments is refused. */
enum PaymentRejection implements RejectionCode {
    PAYMENT_NOT_FOUND(Kind.NOT_FOUND);

    private final Kind kind;

    PaymentRejection(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
