package io.waybill.order.api;

import io.waybill.kernel.OrderId;

/** An operator removed the obstacle: go on undoing. */
public record ResumeCompensation(OrderId orderId) implements OrderCommand {}
