package io.waybill.payment.api;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a payment stands: the amount is unknown where a refund was asked before the charge, and a reason is told where
 * the partner declined or refused. The customer is unknown where the payment was voided before it was requested.
 */
public record PaymentSummary(
        PaymentId paymentId,
        OrderId orderId,
        @Nullable CustomerId customerId,
        PaymentStatus status,
        @Nullable Money amount,
        @Nullable String reason,
        Instant createdAt,
        Instant updatedAt) {}
