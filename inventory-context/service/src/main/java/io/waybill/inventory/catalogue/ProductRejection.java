package io.waybill.inventory.catalogue;

import io.waybill.messaging.RejectionCode;

/** Why the catalogue refuses what a caller asks for. */
enum ProductRejection implements RejectionCode {
    PRODUCT_NOT_FOUND(Kind.NOT_FOUND),
    PRICE_NOT_POSITIVE(Kind.UNPROCESSABLE);

    private final Kind kind;

    ProductRejection(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
