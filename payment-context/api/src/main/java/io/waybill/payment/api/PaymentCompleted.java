package io.waybill.payment.api;

import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.Revision;

/** The partner charged the amount. */
@Revision(1)
public record PaymentCompleted(PaymentId paymentId, OrderId orderId, Money amount, String partnerReference)
        implements PaymentEvent {}
