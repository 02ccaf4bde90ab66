package io.waybill.inventory.api;

import io.waybill.kernel.Sku;

/** What happens to one product. */
public sealed interface ProductEvent extends InventoryEvent permits ProductListed, PriceChanged, StockReceived {

    Sku sku();

    @Override
    default String subject() {
        return sku().value();
    }
}
