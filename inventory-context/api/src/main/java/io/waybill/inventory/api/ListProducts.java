package io.waybill.inventory.api;

import io.waybill.kernel.Sku;
import org.jspecify.annotations.Nullable;

/**
 * Which products are there? Answered by at most {@code limit} instances of {@link ProductSummary} in the order of their
 * skus, all behind {@code after} if that is given.
 */
public record ListProducts(@Nullable Sku after, int limit) {}
