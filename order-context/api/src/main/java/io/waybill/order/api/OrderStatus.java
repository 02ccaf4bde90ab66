package io.waybill.order.api;

/** Where an order stands, as its customer sees it. */
public enum OrderStatus {
    PLACED,
    PAID,
    RESERVED,
    CONFIRMED,
    DISPATCHED,
    DELIVERED,
    CANCELLING,
    REJECTED,
    CANCELLED,
    COMPENSATION_STUCK;

    /** Whether the customer who waits for an answer has it: the order is promised or over. */
    public boolean isSettled() {
        return switch (this) {
            case CONFIRMED, DISPATCHED, DELIVERED, REJECTED, CANCELLED -> true;
            case PLACED, PAID, RESERVED, CANCELLING, COMPENSATION_STUCK -> false;
        };
    }
}
