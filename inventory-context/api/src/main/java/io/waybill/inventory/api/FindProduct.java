package io.waybill.inventory.api;

import io.waybill.kernel.Sku;

/**
 * What is this product called, what does it cost, and how many pieces are free? Nothing, where there is no such
 * product.
 */
public record FindProduct(Sku sku) {}
