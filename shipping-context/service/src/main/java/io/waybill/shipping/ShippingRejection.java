package io.waybill.shipping;

import io.waybill.messaging.RejectionCode;

/** Why the shipping context refuses what a caller asks for. */
public enum ShippingRejection implements RejectionCode {
    SHIPMENT_NOT_FOUND(Kind.NOT_FOUND),
    SHIPMENT_NOT_READY(Kind.CONFLICT),
    SHIPMENT_CANCELLED(Kind.CONFLICT),
    SHIPMENT_NOT_DISPATCHED(Kind.CONFLICT);

    private final Kind kind;

    ShippingRejection(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
