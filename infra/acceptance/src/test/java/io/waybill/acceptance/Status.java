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

    /** Whether the customer has the goods or will get them, and so pays for them. */
    boolean isKept() {
        return switch (this) {
            case CONFIRMED, DISPATCHED, DELIVERED -> true;
            case PLACED, PAID, RESERVED, CANCELLING, REJECTED, CANCELLED, COMPENSATION_STUCK -> false;
        };
    }
}
