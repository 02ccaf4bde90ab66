package io.waybill.payment.charging;

import io.waybill.kernel.Command;
import io.waybill.kernel.PaymentId;

/**
 * Which refund is to be asked for now? Answered by the {@link io.waybill.payment.api.RefundRequested}, or null if none
 * is.
 */
record TakeUpRefund(PaymentId paymentId) implements Command {

    @Override
    public String target() {
        return paymentId.value();
    }
}
