package io.waybill.inventory.web;

import static java.util.Objects.requireNonNull;

import io.waybill.kernel.Quantity;

/** How many pieces a client says have arrived. */
record Delivery(Quantity quantity) {

    Delivery {
        requireNonNull(quantity, "quantity");
    }
}
