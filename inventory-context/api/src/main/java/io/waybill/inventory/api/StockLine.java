package io.waybill.inventory.api;

import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;

/** So many pieces of one product. */
public record StockLine(Sku sku, Quantity quantity) {}
