package io.waybill.payment.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.Revision;

/** The partner declined; nothing was charged. */
@Revision(1)
public record PaymentFailed(PaymentId paymentId, OrderId orderId, String reason) implements PaymentEvent {}
