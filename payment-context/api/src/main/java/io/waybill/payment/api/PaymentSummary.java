package io.waybill.payment.api;

import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a payment stands: the amount is unknown where a refund was asked before the charge, and a reason is told where
 * the partner declined or refused.
 */
public record PaymentSummary(
        PaymentId paymentId,
        OrderId orderId,
        PaymentStatus status,
        @Nullable Money amount,
        @Nullable String reason,
        Instant createdAt,
        Instant updatedAt) {}
