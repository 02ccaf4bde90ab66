package io.waybill.inventory.api;

import io.waybill.kernel.Money;
import io.waybill.kernel.Revision;
import io.waybill.kernel.Sku;

/** A product is offered under this name at this price; told again when it is renamed. */
@Revision(1)
public record ProductListed(Sku sku, String name, Money price) implements ProductEvent {}
