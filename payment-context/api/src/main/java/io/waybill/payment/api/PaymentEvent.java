package io.waybill.payment.api;

import io.waybill.kernel.Event;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;

/** Everything that happens to a payment. */
public sealed interface PaymentEvent extends Event
        permits PaymentRequested,
                PaymentCompleted,
                PaymentFailed,
                RefundRequested,
                PaymentRefunded,
                PaymentVoided,
                RefundFailed {

    PaymentId paymentId();

    OrderId orderId();

    @Override
    default String subject() {
        return paymentId().value();
    }

    @Override
    default String partitionKey() {
        return orderId().value();
    }
}
