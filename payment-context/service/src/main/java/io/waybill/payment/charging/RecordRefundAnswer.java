package io.waybill.payment.charging;

import io.waybill.kernel.Command;
import io.waybill.kernel.PaymentId;
import io.waybill.payment.charging.PaymentPartner.RefundAnswer;

/** The partner answered a refund that was asked with or without an operator's approval. */
record RecordRefundAnswer(PaymentId paymentId, boolean operatorApproved, RefundAnswer answer) implements Command {

    @Override
    public String target() {
        return paymentId.value();
    }
}
