package io.waybill.payment;

import io.waybill.messaging.RejectionCode;

/** Why the payment context refuses what a caller asks for. */
public enum PaymentRejection implements RejectionCode {
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
