package io.waybill.payment.charging;

import io.waybill.kernel.Command;
import io.waybill.kernel.PaymentId;

/**
 * What is to be charged now? Answered by the {@link io.waybill.payment.api.PaymentRequested}, or null if nothing is.
 */
record TakeUpCharge(PaymentId paymentId) implements Command {

    @Override
    public String target() {
        return paymentId.value();
    }
}
