package io.waybill.payment.api;

import io.waybill.kernel.PaymentId;

/** How does this payment stand? Answered by an optional {@link PaymentSummary}. */
public record FindPayment(PaymentId paymentId) {}
