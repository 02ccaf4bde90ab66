package io.waybill.inventory.api;

import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;

/** A product of which fewer pieces were free than asked for. */
public record Shortage(Sku sku, Quantity requested, int available) {}
