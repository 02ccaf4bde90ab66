package io.waybill.shipping.web;

import io.waybill.messaging.RejectionCode;

/** Why a request about shipments is refused before it reaches one. */
enum ShipmentsRejection implements RejectionCode {
    SHIPMENT_NOT_FOUND(Kind.NOT_FOUND);

    private final Kind kind;

    ShipmentsRejection(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
