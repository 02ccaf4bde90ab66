package io.waybill.testing;

/**
 * A message that somebody took from the broker.
 *
 * @param type such as {@code waybill.payment.PaymentCompleted.v1}
 * @param body the payload's JSON
 */
public record Heard(String id, String type, String subject, String partitionKey, String body) {

    /** The message's name without context and revision, such as {@code PaymentCompleted}. */
    public String name() {
        return type.replaceAll("waybill\\.\\w+\\.(\\w+)\\.v\\d+", "$1");
    }
}
