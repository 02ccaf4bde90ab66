package io.waybill.payment.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.Revision;

/** The refund was accepted for the partner; its answer is open. */
@Revision(1)
public record RefundRequested(PaymentId paymentId, OrderId orderId, boolean operatorApproved) implements PaymentEvent {}
