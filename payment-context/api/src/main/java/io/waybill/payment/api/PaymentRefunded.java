package io.waybill.payment.api;

import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.Revision;

/** The partner gave the amount back. */
@Revision(1)
public record PaymentRefunded(PaymentId paymentId, OrderId orderId, Money amount) implements PaymentEvent {}
