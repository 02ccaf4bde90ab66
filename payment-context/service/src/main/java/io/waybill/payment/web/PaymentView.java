package io.waybill.payment.web;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.messaging.web.MoneyView;
import io.waybill.payment.api.PaymentStatus;
import io.waybill.payment.api.PaymentSummary;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A payment as the REST API shows it. */
record PaymentView(
        PaymentId paymentId,
        OrderId orderId,
        PaymentStatus status,
        @Nullable MoneyView amount,
        @Nullable String reason,
        Instant createdAt,
        Instant updatedAt) {

    static PaymentView of(PaymentSummary payment) {
        return new PaymentView(
                payment.paymentId(),
                payment.orderId(),
                payment.status(),
                payment.amount() == null ? null : MoneyView.of(payment.amount()),
                payment.reason(),
                payment.createdAt(),
                payment.updatedAt());
    }
}
