package io.waybill.inventory.web;

import io.waybill.messaging.RejectionCode;

/** Why a client gets no answer about products. */
enum ProductsRejection implements RejectionCode {
    PRODUCT_NOT_FOUND;

    @Override
    public Kind kind() {
        return Kind.NOT_FOUND;
    }
}
