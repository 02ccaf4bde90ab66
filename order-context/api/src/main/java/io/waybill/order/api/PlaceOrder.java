package io.waybill.order.api;

import io.waybill.kernel.Address;
import io.waybill.kernel.CustomerId;
import io.waybill.kernel.OrderId;
import java.util.List;

/** Buy these products, ship them there, charge this payment method. */
public record PlaceOrder(
        OrderId orderId,
        CustomerId customerId,
        List<RequestedLine> lines,
        Address shippingAddress,
        String paymentMethod)
        implements OrderCommand {

    public PlaceOrder {
        lines = List.copyOf(lines);
    }
}
