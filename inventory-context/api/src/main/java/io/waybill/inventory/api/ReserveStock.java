package io.waybill.inventory.api;

import io.waybill.kernel.OrderId;
import java.util.List;

/** Set these pieces aside for the order: all of them or none. */
public record ReserveStock(OrderId orderId, List<StockLine> lines) implements ReservationCommand {

    public ReserveStock {
        lines = List.copyOf(lines);
    }
}
