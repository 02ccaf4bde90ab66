package io.waybill.payment;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.payment.api.PaymentCompleted;
import io.waybill.payment.api.PaymentFailed;
import io.waybill.payment.api.PaymentRefunded;
import io.waybill.payment.api.PaymentRequested;
import io.waybill.payment.api.PaymentVoided;
import io.waybill.payment.api.ProcessPayment;
import io.waybill.payment.api.RefundFailed;
import io.waybill.payment.api.RefundPayment;
import io.waybill.payment.api.RefundRequested;

/** One payment and everything that can be said about it. */
public final class PaymentFixtures {

    public static final OrderId ORDER = OrderId.of("ord_0190b6f0-0000-7000-8000-000000000001");
    public static final PaymentId PAYMENT = PaymentId.forOrder(ORDER);
    public static final CustomerId CUSTOMER = CustomerId.of("cus_1");
    public static final Money AMOUNT = Money.parse("12.50", "EUR");
    public static final String CARD = "pm_card_visa";
    public static final String REFERENCE = "sandbox:" + PAYMENT;

    private PaymentFixtures() {}

    public static ProcessPayment process() {
        return new ProcessPayment(PAYMENT, ORDER, CUSTOMER, AMOUNT, CARD);
    }

    public static RefundPayment refund() {
        return new RefundPayment(PAYMENT, ORDER, false);
    }

    public static RefundPayment approvedRefund() {
        return new RefundPayment(PAYMENT, ORDER, true);
    }

    public static PaymentRequested requested() {
        return new PaymentRequested(PAYMENT, ORDER, CUSTOMER, AMOUNT, CARD);
    }

    public static PaymentCompleted completed() {
        return new PaymentCompleted(PAYMENT, ORDER, AMOUNT, REFERENCE);
    }

    public static PaymentFailed failed() {
        return new PaymentFailed(PAYMENT, ORDER, "card_declined");
    }

    public static RefundRequested refundRequested() {
        return new RefundRequested(PAYMENT, ORDER, false);
    }

    public static RefundRequested approvedRefundRequested() {
        return new RefundRequested(PAYMENT, ORDER, true);
    }

    public static PaymentRefunded refunded() {
        return new PaymentRefunded(PAYMENT, ORDER, AMOUNT);
    }

    public static PaymentVoided voided() {
        return new PaymentVoided(PAYMENT, ORDER);
    }

    public static RefundFailed refundFailed() {
        return new RefundFailed(PAYMENT, ORDER, "refund_not_allowed");
    }
}
