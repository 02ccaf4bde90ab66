package io.waybill.acceptance;

/** Where an order stands. */
enum Status {
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

    /** Whether nothing more happens unless somebody asks for it. */
    boolean isAtRest() {
        return switch (this) {
            case CONFIRMED, DISPATCHED, DELIVERED, REJECTED, CANCELLED, COMPENSATION_STUCK -> true;
            case PLACED, PAID, RESERVED, CANCELLING -> false;
        };
    }
}
