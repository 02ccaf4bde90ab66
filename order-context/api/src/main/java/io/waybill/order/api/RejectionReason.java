package io.waybill.order.api;

/** Why an order was rejected. */
public enum RejectionReason {
    PAYMENT_DECLINED,
    OUT_OF_STOCK,
    SHIPMENT_REFUSED,
    TIMED_OUT
}
