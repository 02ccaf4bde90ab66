package io.waybill.order.api;

import io.waybill.kernel.Address;
import io.waybill.kernel.CustomerId;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import java.util.List;

/** An order was accepted at the prices of the day; nothing is paid, reserved or shipped yet. */
@Revision(1)
public record OrderPlaced(
        OrderId orderId,
        CustomerId customerId,
        List<OrderLine> lines,
        Money total,
        Address shippingAddress,
        String paymentMethod)
        implements OrderEvent {

    public OrderPlaced {
        lines = List.copyOf(lines);
    }
}
