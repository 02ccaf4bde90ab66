package io.waybill.payment.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.Revision;

/** The partner refused to give the amount back. */
@Revision(1)
public record RefundFailed(PaymentId paymentId, OrderId orderId, String reason) implements PaymentEvent {}
