package io.waybill.payment.api;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;

/**
 * Give back whatever was charged, and charge nothing afterwards. An operator's approval overrides the partner's
 * refusal.
 */
public record RefundPayment(PaymentId paymentId, OrderId orderId, boolean operatorApproved) implements PaymentCommand {}
