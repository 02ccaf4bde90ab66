package io.waybill.acceptance.audit;

/** What must always be true; the order and the wording of the blueprint. */
public enum Invariant {
    MONEY(1, "captured less refunded is the total of the orders that are kept, per currency, counted at the partner"),
    STOCK(2, "received is available, reserved and shipped, for each product, and nothing is negative"),
    REST(3, "every accepted order reaches a final state or waits for its dispatch"),
    ONCE(4, "a payment is charged and refunded at most once, and a shipment implies a capture"),
    EVENTS(5, "no sequence has a hole or a duplicate, and every event reaches each consumer and takes effect once"),
    REBUILD(6, "a rebuilt read model equals the live one"),
    PROMISES(7, "what a client was told stays true"),
    REPLAY(8, "a replay calls no partner and sends no command");

    private final int number;
    private final String text;

    Invariant(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** Its number in the blueprint's list. */
    int number() {
        return number;
    }

    /** A violation of it. */
    Violation violatedBy(String subject, String what) {
        return new Violation(this, subject, what);
    }

    @Override
    public String toString() {
        return "%d. %s".formatted(number, text);
    }
}
