package io.waybill.inventory.api;

import io.waybill.kernel.Money;
import io.waybill.kernel.Revision;
import io.waybill.kernel.Sku;

/** A product has a new price. */
@Revision(1)
public record PriceChanged(Sku sku, Money price) implements ProductEvent {}
