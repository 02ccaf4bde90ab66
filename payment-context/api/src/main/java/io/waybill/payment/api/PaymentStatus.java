package io.waybill.payment.api;

/** How a payment stands. */
public enum PaymentStatus {
    REQUESTED,
    COMPLETED,
    FAILED,
    REFUND_REQUESTED,
    REFUNDED,
    VOIDED,
    REFUND_FAILED
}
