package io.waybill.order.api;

import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;

/** A line of a wish to buy: the price is not the customer's to say. */
public record RequestedLine(Sku sku, Quantity quantity) {}
