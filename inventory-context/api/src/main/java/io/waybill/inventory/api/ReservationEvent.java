package io.waybill.inventory.api;

import io.waybill.kernel.OrderId;

/** What happens to the pieces set aside for one order. */
public sealed interface ReservationEvent extends InventoryEvent
        permits StockReserved, StockReservationFailed, StockReleased, StockCommitted {

    OrderId orderId();

    @Override
    default String subject() {
        return orderId().value();
    }
}
