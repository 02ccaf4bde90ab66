package io.waybill.payment.api;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.Revision;
import org.jspecify.annotations.Nullable;

/** The charge was accepted for the partner; its answer is open. Events of before know no customer. */
@Revision(1)
public record PaymentRequested(
        PaymentId paymentId, OrderId orderId, @Nullable CustomerId customerId, Money amount, String paymentMethod)
        implements PaymentEvent {}
