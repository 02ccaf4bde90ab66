package io.waybill.order.api;

import io.waybill.kernel.OrderId;

/** Payment, stock and shipment are in place: tell the customer it is coming. */
public record ConfirmOrder(OrderId orderId) implements OrderCommand {}
