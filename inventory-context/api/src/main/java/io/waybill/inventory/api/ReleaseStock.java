package io.waybill.inventory.api;

import io.waybill.kernel.OrderId;

/** Give back what was set aside for the order, and set nothing aside for it afterwards. */
public record ReleaseStock(OrderId orderId) implements ReservationCommand {}
