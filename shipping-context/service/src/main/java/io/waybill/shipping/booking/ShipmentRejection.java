package io.waybill.shipping.booking;

import io.waybill.messaging.RejectionCode;

/** Why the shipping context says no to a caller. */
enum ShipmentRejection implements RejectionCode {
    SHIPMENT_NOT_FOUND(Kind.NOT_FOUND),
    SHIPMENT_NOT_READY(Kind.CONFLICT),
    SHIPMENT_CANCELLED(Kind.CONFLICT),
    SHIPMENT_NOT_DISPATCHED(Kind.CONFLICT);

    private final Kind kind;

    ShipmentRejection(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
