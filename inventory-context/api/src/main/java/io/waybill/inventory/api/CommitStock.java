package io.waybill.inventory.api;

import io.waybill.kernel.OrderId;

/** The pieces set aside for the order have left the warehouse. */
public record CommitStock(OrderId orderId) implements ReservationCommand {}
