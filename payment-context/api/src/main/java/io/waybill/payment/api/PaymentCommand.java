package io.waybill.payment.api;

import io.waybill.kernel.Command;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;

/** Everything the payment context can be asked to do. */
public sealed interface PaymentCommand extends Command permits ProcessPayment, RefundPayment {

    PaymentId paymentId();

    OrderId orderId();

    @Override
    default String target() {
        return paymentId().value();
    }

    @Override
    default String partitionKey() {
        return orderId().value();
    }
}
