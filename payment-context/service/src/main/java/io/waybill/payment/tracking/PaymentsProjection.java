package io.waybill.payment.tracking;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.Money;
import io.waybill.messaging.SafeToReapply;
import io.waybill.payment.api.PaymentCompleted;
import io.waybill.payment.api.PaymentEvent;
import io.waybill.payment.api.PaymentFailed;
import io.waybill.payment.api.PaymentRefunded;
import io.waybill.payment.api.PaymentRequested;
import io.waybill.payment.api.PaymentStatus;
import io.waybill.payment.api.PaymentVoided;
import io.waybill.payment.api.RefundFailed;
import io.waybill.payment.api.RefundRequested;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.Timestamp;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keeps one row per payment. Each event says all that changes, so the last one applied wins. */
@Component
@ProcessingGroup("payment.tracking")
@SafeToReapply
class PaymentsProjection {

    private final JdbcClient jdbc;

    PaymentsProjection(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(PaymentRequested event, @Timestamp Instant at) {
        put(event, PaymentStatus.REQUESTED, event.customerId(), event.amount(), at);
    }

    @EventHandler
    void on(PaymentCompleted event, @Timestamp Instant at) {
        change(event, PaymentStatus.COMPLETED, null, at);
    }

    @EventHandler
    void on(PaymentFailed event, @Timestamp Instant at) {
        change(event, PaymentStatus.FAILED, event.reason(), at);
    }

    @EventHandler
    void on(RefundRequested event, @Timestamp Instant at) {
        change(event, PaymentStatus.REFUND_REQUESTED, null, at);
    }

    @EventHandler
    void on(PaymentRefunded event, @Timestamp Instant at) {
        change(event, PaymentStatus.REFUNDED, null, at);
    }

    @EventHandler
    void on(RefundFailed event, @Timestamp Instant at) {
        change(event, PaymentStatus.REFUND_FAILED, event.reason(), at);
    }

    /** The one event besides the request that may come first. */
    @EventHandler
    void on(PaymentVoided event, @Timestamp Instant at) {
        put(event, PaymentStatus.VOIDED, null, null, at);
    }

    @ResetHandler
    void reset() {
        jdbc.sql("DELETE FROM payment").update();
    }

    private void put(
            PaymentEvent event,
            PaymentStatus status,
            @Nullable CustomerId customer,
            @Nullable Money amount,
            Instant at) {
        jdbc.sql("""
            INSERT INTO payment
                (payment_id, order_id, customer_id, status, amount_minor, currency, created_at, updated_at)
            VALUES (:paymentId, :orderId, :customer, :status, :amount, :currency, :at, :at)
            ON CONFLICT (payment_id) DO UPDATE SET
                status = excluded.status, reason = NULL, updated_at = excluded.updated_at\
            """)
                .param("paymentId", event.paymentId().value())
                .param("orderId", event.orderId().value())
                .param("customer", customer == null ? null : customer.value(), Types.VARCHAR)
                .param("status", status.name())
                .param("amount", amount == null ? null : amount.minorUnits(), Types.BIGINT)
                .param("currency", amount == null ? null : amount.currency(), Types.VARCHAR)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .update();
    }

    private void change(PaymentEvent event, PaymentStatus status, @Nullable String reason, Instant at) {
        int changed = jdbc.sql("""
            UPDATE payment SET status = :status, reason = :reason, updated_at = :at
            WHERE payment_id = :paymentId\
            """)
                .param("paymentId", event.paymentId().value())
                .param("status", status.name())
                .param("reason", reason, Types.VARCHAR)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .update();
        if (changed == 0) {
            throw new IllegalStateException("no row of payment " + event.paymentId() + " to be " + status);
        }
    }
}
