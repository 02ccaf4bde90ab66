package io.waybill.payment.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.Revision;

/** A refund was asked where nothing was charged; nothing will be. */
@Revision(1)
public record PaymentVoided(PaymentId paymentId, OrderId orderId) implements PaymentEvent {}
