package io.waybill.order.api;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.OrderId;
import org.jspecify.annotations.Nullable;

/**
 * Which orders did this customer, or anybody if none is named, place? Answered by at most {@code limit} instances of
 * {@link OrderSummary}, newest first, all older than {@code before} if that is given.
 */
public record ListOrders(
        @Nullable CustomerId customerId, @Nullable OrderId before, int limit) {}
