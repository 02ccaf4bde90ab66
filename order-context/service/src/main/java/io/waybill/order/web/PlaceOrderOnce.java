package io.waybill.order.web;

import io.waybill.kernel.Command;
import io.waybill.order.api.PlaceOrder;

/** Place this order unless the customer's key already stands for one. The hash tells requests apart. */
record PlaceOrderOnce(IdempotencyKey key, String requestHash, PlaceOrder order) implements Command {

    @Override
    public String target() {
        return order.target();
    }
}
