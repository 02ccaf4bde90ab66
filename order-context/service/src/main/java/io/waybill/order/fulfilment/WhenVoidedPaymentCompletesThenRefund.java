package io.waybill.order.fulfilment;

import io.waybill.messaging.Commands;
import io.waybill.payment.api.PaymentCompleted;
import io.waybill.payment.api.PaymentVoided;
import io.waybill.payment.api.RefundPayment;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * A net below the saga, which ends when it hears that a payment is void: the payment context promises that a void
 * payment is never charged, but should it be, nobody else would give the money back.
 */
@Component
@ProcessingGroup("order.refund-voided")
@DisallowReplay
class WhenVoidedPaymentCompletesThenRefund {

    private final JdbcClient jdbc;

    WhenVoidedPaymentCompletesThenRefund(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(PaymentVoided event) {
        jdbc.sql("insert into voided_payment (payment_id) values (:id) on conflict do nothing")
                .param("id", event.paymentId().value())
                .update();
    }

    @EventHandler
    void on(PaymentCompleted event, Commands commands) {
        boolean voided = jdbc.sql("select exists (select from voided_payment where payment_id = :id)")
                .param("id", event.paymentId().value())
                .query(Boolean.class)
                .single();
        if (voided) {
            commands.send(new RefundPayment(event.paymentId(), event.orderId(), false));
        }
    }
}
