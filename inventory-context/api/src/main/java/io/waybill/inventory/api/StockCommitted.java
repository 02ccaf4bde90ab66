package io.waybill.inventory.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import java.util.List;

/** The pieces of the order have left the warehouse. */
@Revision(1)
public record StockCommitted(OrderId orderId, List<StockLine> lines) implements ReservationEvent {

    public StockCommitted {
        lines = List.copyOf(lines);
    }
}
