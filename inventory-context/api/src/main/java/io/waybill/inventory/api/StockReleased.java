package io.waybill.inventory.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import java.util.List;

/** Nothing is set aside for the order any more, and nothing will be. */
@Revision(1)
public record StockReleased(OrderId orderId, List<StockLine> lines) implements ReservationEvent {

    public StockReleased {
        lines = List.copyOf(lines);
    }
}
