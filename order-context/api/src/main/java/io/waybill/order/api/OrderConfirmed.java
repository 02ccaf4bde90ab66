package io.waybill.order.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;

/** The order is paid, reserved and booked with the carrier; it waits for its dispatch. */
@Revision(1)
public record OrderConfirmed(OrderId orderId) implements OrderEvent {}
