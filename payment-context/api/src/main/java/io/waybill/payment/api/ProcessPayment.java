package io.waybill.payment.api;

import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;

/** Charge this amount for the order, once. */
public record ProcessPayment(PaymentId paymentId, OrderId orderId, Money amount, String paymentMethod)
        implements PaymentCommand {}
