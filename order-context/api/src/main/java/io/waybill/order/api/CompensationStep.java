package io.waybill.order.api;

/** What is undone when an order walks back, in the order in which it is undone. */
public enum CompensationStep {
    CANCEL_SHIPMENT,
    RELEASE_STOCK,
    REFUND_PAYMENT
}
