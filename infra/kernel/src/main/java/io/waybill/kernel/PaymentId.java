package io.waybill.kernel;

/**
 * Identifies the one payment of an order; derived from the order's id, never drawn, so that a repeated message names
 * the same one.
 */
public record PaymentId(String value) {

    private static final String PREFIX = "pay_";

    public PaymentId {
        Guard.prefixedUuid(value, PREFIX, "a payment");
    }

    public static PaymentId of(String value) {
        return new PaymentId(value);
    }

    public static PaymentId forOrder(OrderId orderId) {
        return new PaymentId(PREFIX + orderId.uuid());
    }

    @Override
    public String toString() {
        return value;
    }
}
