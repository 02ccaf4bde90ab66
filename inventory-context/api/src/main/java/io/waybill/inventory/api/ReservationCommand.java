package io.waybill.inventory.api;

import io.waybill.kernel.OrderId;

/** What can be asked about the pieces set aside for one order. */
public sealed interface ReservationCommand extends InventoryCommand permits ReserveStock, ReleaseStock, CommitStock {

    OrderId orderId();

    @Override
    default String target() {
        return orderId().value();
    }
}
