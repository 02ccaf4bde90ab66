package io.waybill.inventory.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import java.util.List;

/** Not all pieces were free, so none was set aside. */
@Revision(1)
public record StockReservationFailed(OrderId orderId, List<Shortage> shortages) implements ReservationEvent {

    public StockReservationFailed {
        shortages = List.copyOf(shortages);
    }
}
