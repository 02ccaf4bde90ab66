package io.waybill.payment.api;

import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.Revision;

/** The charge was accepted for the partner; its answer is open. */
@Revision(1)
public record PaymentRequested(PaymentId paymentId, OrderId orderId, Money amount, String paymentMethod)
        implements PaymentEvent {}
