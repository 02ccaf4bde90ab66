package io.waybill.inventory.api;

import io.waybill.kernel.Sku;

/** What can be asked about one product. */
public sealed interface ProductCommand extends InventoryCommand permits ListProduct, ChangePrice, ReceiveStock {

    Sku sku();

    @Override
    default String target() {
        return sku().value();
    }
}
