package io.waybill.order.api;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An order as it stands: what was bought, how far it got, and why it was rejected if it was. */
public record OrderSummary(
        OrderId orderId,
        CustomerId customerId,
        OrderStatus status,
        @Nullable RejectionReason reason,
        List<OrderLine> lines,
        Money total,
        @Nullable PaymentSummary payment,
        @Nullable ShipmentSummary shipment,
        Instant placedAt,
        Instant updatedAt) {

    public OrderSummary {
        lines = List.copyOf(lines);
    }
}
