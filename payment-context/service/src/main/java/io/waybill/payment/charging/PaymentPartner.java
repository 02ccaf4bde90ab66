package io.waybill.payment.charging;

import io.waybill.kernel.Money;

/**
 * Who moves the money. Key and operation together identify a call: asked again, the partner moves nothing a second time
 * and gives the same answer. An exception means that the answer is unknown, and the call is made again.
 */
public interface PaymentPartner {

    ChargeAnswer charge(String key, Money amount, String paymentMethod);

    /**
     * Gives back what was charged under the key. Where nothing was, nothing ever will be: a charge that reaches the
     * partner later is declined.
     *
     * @param approved an operator insists; the partner no longer refuses
     */
    RefundAnswer refund(String key, boolean approved);

    /** What became of a charge. */
    sealed interface ChargeAnswer {
        record Charged(String reference) implements ChargeAnswer {}

        record Declined(String reason) implements ChargeAnswer {}
    }

    /** What became of a refund. */
    sealed interface RefundAnswer {
        record Refunded() implements RefundAnswer {}

        record NothingCharged() implements RefundAnswer {}

        record Refused(String reason) implements RefundAnswer {}
    }
}
