package io.waybill.order.notification;

import io.waybill.order.api.RejectionReason;

/** What a customer is told, and in which words. */
enum News {
    CONFIRMED("is confirmed", "Your order is paid and packed. We tell you when it is on its way."),
    DISPATCHED("is on its way", "Your parcel was handed to the carrier."),
    CANCELLED("is cancelled", "As you wished, your order is cancelled. You owe nothing; what you paid was given back."),
    PAYMENT_DECLINED("could not be paid", "Your payment was declined, so we cannot deliver. Nothing was charged."),
    OUT_OF_STOCK("is out of stock", "We do not have all pieces you ordered. What you paid was given back."),
    SHIPMENT_REFUSED(
            "cannot be shipped", "Our carrier does not deliver to this address. What you paid was given back."),
    TIMED_OUT(
            "could not be completed", "One of our partners did not answer. You owe nothing; a charge was given back.");

    private final String headline;
    private final String text;

    News(String headline, String text) {
        this.headline = headline;
        this.text = text;
    }

    static News of(RejectionReason reason) {
        return switch (reason) {
            case PAYMENT_DECLINED -> PAYMENT_DECLINED;
            case OUT_OF_STOCK -> OUT_OF_STOCK;
            case SHIPMENT_REFUSED -> SHIPMENT_REFUSED;
            case TIMED_OUT -> TIMED_OUT;
        };
    }

    String headline() {
        return headline;
    }

    String text() {
        return text;
    }
}
