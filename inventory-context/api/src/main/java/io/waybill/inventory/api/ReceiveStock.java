package io.waybill.inventory.api;

import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;

/** So many pieces arrived in the warehouse. */
public record ReceiveStock(Sku sku, Quantity quantity) implements ProductCommand {}
