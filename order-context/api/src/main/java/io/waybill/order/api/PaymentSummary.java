package io.waybill.order.api;

import io.waybill.kernel.PaymentId;

/** What the order knows of its payment. */
public record PaymentSummary(PaymentId paymentId, Status status) {

    /** What was last heard of the payment. */
    public enum Status {
        REQUESTED,
        COMPLETED,
        FAILED,
        REFUND_REQUESTED,
        REFUND_FAILED,
        REFUNDED,
        VOIDED
    }
}
