package io.waybill.order.web;

import io.waybill.kernel.OrderId;
import io.waybill.order.api.OrderStatus;

/** The answer to what was asked of an order: which one, and how it stands. */
record AcceptedOrder(OrderId orderId, OrderStatus status) {}
