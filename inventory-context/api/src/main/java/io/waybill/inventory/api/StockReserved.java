package io.waybill.inventory.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import java.util.List;

/** All pieces of the order are set aside. */
@Revision(1)
public record StockReserved(OrderId orderId, List<StockLine> lines) implements ReservationEvent {

    public StockReserved {
        lines = List.copyOf(lines);
    }
}
