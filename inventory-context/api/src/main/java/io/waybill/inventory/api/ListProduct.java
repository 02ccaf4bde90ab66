package io.waybill.inventory.api;

import io.waybill.kernel.Money;
import io.waybill.kernel.Sku;

/** Offer this product under this name at this price; repeated, it renames or reprices. */
public record ListProduct(Sku sku, String name, Money price) implements ProductCommand {}
