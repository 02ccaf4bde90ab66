package io.waybill.payment.api;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import org.jspecify.annotations.Nullable;

/**
 * Charge this amount for the order, once. The customer may see how it goes; without one, as commands of before had it,
 * only operators may.
 */
public record ProcessPayment(
        PaymentId paymentId, OrderId orderId, @Nullable CustomerId customerId, Money amount, String paymentMethod)
        implements PaymentCommand {}
