package io.waybill.inventory.stock;

import io.waybill.kernel.Sku;
import java.util.Map;

/**
 * How many pieces stand in the warehouse and how many of them are set aside. Everything happens in the transaction of
 * the command that is being decided on, and products stay locked until it ends: two decisions about the same product
 * never overlap. A transaction locks products in the order of their skus, so that none waits for another in a circle.
 */
interface StockLevels {

    /** Locks these products and tells how many pieces of each are free; products without any stock are absent. */
    Map<Sku, Long> lockAvailable(Pieces pieces);

    /** Sets free pieces aside. They must have been locked and counted before. */
    void setAside(Pieces pieces);

    /** Frees pieces that were set aside. */
    void giveBack(Pieces pieces);

    /** Takes pieces that were set aside out of the warehouse. */
    void takeOut(Pieces pieces);
}
