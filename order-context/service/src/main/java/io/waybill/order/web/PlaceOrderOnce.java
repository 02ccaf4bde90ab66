package io.waybill.order.web;

import io.waybill.kernel.Command;
import io.waybill.kernel.EmailAddress;
import io.waybill.order.api.PlaceOrder;
import org.jspecify.annotations.Nullable;

/**
 * Place this order unless the customer's key, if they gave one, already stands for one. The hash tells requests apart;
 * the address is where the customer is written to.
 */
record PlaceOrderOnce(
        @Nullable IdempotencyKey key,
        String requestHash,
        @Nullable EmailAddress email,
        PlaceOrder order) implements Command {

    @Override
    public String target() {
        return order.target();
    }
}
