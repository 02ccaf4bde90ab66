package io.waybill.payment.charging;

import io.waybill.kernel.Command;
import io.waybill.kernel.PaymentId;
import io.waybill.payment.charging.PaymentPartner.ChargeAnswer;

/** The partner answered a charge. */
record RecordChargeAnswer(PaymentId paymentId, ChargeAnswer answer) implements Command {

    @Override
    public String target() {
        return paymentId.value();
    }
}
