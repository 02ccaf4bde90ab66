package io.waybill.inventory.catalogue;

import io.waybill.kernel.Command;
import io.waybill.kernel.Money;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;

/** Offer a product together with its first delivery, unless it is known already. */
record IntroduceProduct(Sku sku, String name, Money price, Quantity delivered) implements Command {

    @Override
    public String target() {
        return sku.value();
    }
}
