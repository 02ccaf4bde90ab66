package io.waybill.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;
import io.waybill.messaging.web.MoneyView;
import io.waybill.order.api.OrderLine;
import io.waybill.order.api.OrderStatus;
import io.waybill.order.api.OrderSummary;
import io.waybill.order.api.PaymentSummary;
import io.waybill.order.api.RejectionReason;
import io.waybill.order.api.ShipmentSummary;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An order as the REST API shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OrderView(
        OrderId orderId,
        OrderStatus status,
        @Nullable RejectionReason reason,
        List<Line> lines,
        MoneyView total,
        @Nullable PaymentSummary payment,
        @Nullable ShipmentSummary shipment,
        Instant placedAt,
        Instant updatedAt) {

    record Line(Sku sku, Quantity quantity, MoneyView unitPrice, MoneyView total) {

        static Line of(OrderLine line) {
            return new Line(line.sku(), line.quantity(), MoneyView.of(line.unitPrice()), MoneyView.of(line.total()));
        }
    }

    static OrderView of(OrderSummary order) {
        return new OrderView(
                order.orderId(),
                order.status(),
                order.reason(),
                order.lines().stream().map(Line::of).toList(),
                MoneyView.of(order.total()),
                order.payment(),
                order.shipment(),
                order.placedAt(),
                order.updatedAt());
    }
}
