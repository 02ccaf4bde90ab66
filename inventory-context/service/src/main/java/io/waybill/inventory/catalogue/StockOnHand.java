package io.waybill.inventory.catalogue;

import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;

/** The pieces that orders can be promised; changed in the transaction of the command that is being decided on. */
interface StockOnHand {

    void add(Sku sku, Quantity quantity);
}
