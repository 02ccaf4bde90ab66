package io.waybill.inventory.api;

import io.waybill.kernel.Money;
import io.waybill.kernel.Sku;

/** Offer the product at this price from now on. */
public record ChangePrice(Sku sku, Money price) implements ProductCommand {}
