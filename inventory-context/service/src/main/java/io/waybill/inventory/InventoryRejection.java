package io.waybill.inventory;

import io.waybill.messaging.RejectionCode;

/** Why the inventory context refuses what a caller asks for. */
public enum InventoryRejection implements RejectionCode {
    PRODUCT_NOT_FOUND(Kind.NOT_FOUND),
    PRICE_NOT_POSITIVE(Kind.UNPROCESSABLE);

    private final Kind kind;

    InventoryRejection(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
