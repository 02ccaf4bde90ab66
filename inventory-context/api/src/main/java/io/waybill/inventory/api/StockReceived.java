package io.waybill.inventory.api;

import io.waybill.kernel.Quantity;
import io.waybill.kernel.Revision;
import io.waybill.kernel.Sku;

/** Pieces arrived in the warehouse. */
@Revision(1)
public record StockReceived(Sku sku, Quantity quantity) implements ProductEvent {}
