package io.waybill.payment;

import io.waybill.messaging.MessageCatalogue;

/** What the payment context says and hears. */
public final class SimulatedPayment {

    private SimulatedPayment() {}

    public static MessageCatalogue messages() {
        return new PaymentApplication().messages();
    }
}
