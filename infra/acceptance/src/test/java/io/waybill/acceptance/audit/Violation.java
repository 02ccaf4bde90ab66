package io.waybill.acceptance.audit;

/**
 * Something that must not be.
 *
 * @param subject the order, product, currency or aggregate that it is about
 */
public record Violation(Invariant invariant, String subject, String what) {

    @Override
    public String toString() {
        return "%d. %s: %s".formatted(invariant.number(), subject, what);
    }
}
