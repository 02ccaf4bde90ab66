package io.waybill.inventory.api;

import io.waybill.kernel.Money;
import io.waybill.kernel.Sku;

/** A product as buyers see it; {@code available} pieces are in the warehouse and not set aside for an order. */
public record ProductSummary(Sku sku, String name, Money price, long available) {}
