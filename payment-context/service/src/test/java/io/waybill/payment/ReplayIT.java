package io.waybill.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.payment.api.ProcessPayment;
import io.waybill.payment.api.RefundPayment;
import io.waybill.testing.Deeds;
import io.waybill.testing.RunningContext;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two instances; whatever is replayed at either, the partner and the neighbours hear nothing of it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReplayIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    private static RunningPayment service;
    private static RunningContext other;

    @BeforeAll
    static void live() {
        service = new RunningPayment();
        other = service.oneMore();
        pay("pm_card_visa", "COMPLETED");
        pay("pm_card_visa_chargeDeclined", "FAILED");
        refund(pay("pm_card_visa", "COMPLETED"), "REFUNDED");
        refund(pay("pm_sandbox_refund_fails", "COMPLETED"), "REFUND_FAILED");
        refund(order(), "VOIDED");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(service.deeds().told()).hasSize(13);
            assertThat(service.deeds().tasks()).isEmpty();
        });
    }

    @AfterAll
    static void stop() {
        other.close();
        service.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "0:0", "2026-01-01T00:00:00Z"})
    void the_read_model_is_what_it_was_and_nothing_is_charged_or_told_again(String from) {
        List<String> live = payments();
        Deeds before = service.deeds();

        service.bean(JdbcClient.class)
                .sql("UPDATE payment SET status = 'REQUESTED', reason = 'spoilt'")
                .update();
        assertThat(other.replay("payment.tracking", from).status()).isEqualTo(202);

        await().atMost(SOON).untilAsserted(() -> assertThat(payments()).isEqualTo(live));
        await().during(A_WHILE)
                .atMost(SOON)
                .untilAsserted(() -> assertThat(service.deeds()).isEqualTo(before));
    }

    @Test
    void nothing_else_can_be_replayed() {
        Deeds before = service.deeds();
        assertThat(other.processors())
                .contains("payment.tracking")
                .filteredOn(processor -> !processor.equals("payment.tracking"))
                .isNotEmpty()
                .allSatisfy(processor ->
                        assertThat(other.replay(processor, "start").status()).isEqualTo(409));
        await().during(A_WHILE)
                .atMost(SOON)
                .untilAsserted(() -> assertThat(service.deeds()).isEqualTo(before));
    }

    private static OrderId order() {
        return OrderId.of("ord_" + UUID.randomUUID());
    }

    private static OrderId pay(String method, String status) {
        OrderId order = order();
        service.sendByQueue(new ProcessPayment(
                PaymentId.forOrder(order), order, PaymentFixtures.CUSTOMER, Money.parse("12.50", "EUR"), method));
        becomes(order, status);
        return order;
    }

    private static void refund(OrderId order, String status) {
        service.sendByQueue(new RefundPayment(PaymentId.forOrder(order), order, false));
        becomes(order, status);
    }

    private static void becomes(OrderId order, String status) {
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(service.status(PaymentId.forOrder(order))).isEqualTo(status));
    }

    private static List<String> payments() {
        return service.rows("SELECT * FROM payment ORDER BY payment_id");
    }
}
