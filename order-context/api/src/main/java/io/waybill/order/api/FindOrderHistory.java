package io.waybill.order.api;

import io.waybill.kernel.OrderId;

/** What happened to this order, in every context? Answered by instances of {@link OrderHistoryEntry}, in order. */
public record FindOrderHistory(OrderId orderId) {}
