package io.waybill.order.api;

import io.waybill.kernel.Money;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;

/** A line of an order at the price it was placed for. */
public record OrderLine(Sku sku, Quantity quantity, Money unitPrice) {

    public Money total() {
        return unitPrice.times(quantity);
    }
}
