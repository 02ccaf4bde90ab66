package io.waybill.order.api;

import io.waybill.kernel.OrderId;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to this order behind a place of its history? Answered by instances of {@link OrderHistoryEntry}, in
 * order, none of which can be overtaken any more by one that comes later.
 *
 * @param after the cursor of the last entry that is known; null for the beginning
 */
public record FollowOrder(OrderId orderId, @Nullable String after) {}
