package io.waybill.order.api;

import io.waybill.kernel.OrderId;

/** We cannot deliver, and everything that was done is undone. */
public record RejectOrder(OrderId orderId, RejectionReason reason) implements OrderCommand {}
