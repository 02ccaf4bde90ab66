package io.waybill.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.payment.api.ProcessPayment;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PartnerBreakerIT {

    private static RunningPayment service;

    @BeforeAll
    static void start() {
        service = new RunningPayment(
                "--waybill.payment.partner.failures=3",
                "--waybill.payment.partner.open-for=2s",
                "--waybill.payment.partner.concurrency=1",
                "--waybill.payment.sandbox.slowness=500ms");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void while_the_partner_is_left_alone_a_payment_waits_and_never_fails() {
        OrderId order = OrderId.of("ord_" + UUID.randomUUID());
        PaymentId payment = PaymentId.forOrder(order);

        service.sendByQueue(new ProcessPayment(
                payment, order, PaymentFixtures.CUSTOMER, Money.parse("12.50", "EUR"), "pm_sandbox_unavailable"));

        await().until(() -> isOpen("payment-charge"));
        assertThat(isOpen("payment-refund")).isFalse();
        assertThat(service.books(payment)).hasSize(3);
        assertThat(service.status(payment)).isEqualTo("REQUESTED");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(service.told(payment)).isEqualTo(List.of("PaymentRequested", "PaymentCompleted")));
        assertThat(service.books(payment)).hasSize(4);
        assertThat(isOpen("payment-charge")).isFalse();
    }

    @Test
    void only_so_many_payments_are_with_the_partner_at_once_and_the_others_wait() {
        List<OrderId> orders = Stream.generate(() -> OrderId.of("ord_" + UUID.randomUUID()))
                .limit(3)
                .toList();

        orders.forEach(order -> service.sendByQueue(new ProcessPayment(
                PaymentId.forOrder(order),
                order,
                PaymentFixtures.CUSTOMER,
                Money.parse("12.50", "EUR"),
                "pm_sandbox_slow")));

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(orders)
                        .allSatisfy(order -> assertThat(service.told(PaymentId.forOrder(order)))
                                .isEqualTo(List.of("PaymentRequested", "PaymentCompleted"))));
        assertThat(service.rows("""
            SELECT 1 FROM (
                SELECT received_at - lag(received_at) OVER (ORDER BY received_at) AS after_the_last
                FROM sandbox_payment_call WHERE method = 'SLOW') calls
            WHERE after_the_last < interval '500 ms'\
            """)).isEmpty();
        assertThat(service.rows("SELECT 1 FROM sandbox_payment_call WHERE method = 'SLOW'"))
                .hasSize(3);
    }

    private static boolean isOpen(String breaker) {
        return service
                .bean(MeterRegistry.class)
                .find("resilience4j.circuitbreaker.state")
                .tag("name", breaker)
                .tag("state", "open")
                .gauges()
                .stream()
                .anyMatch(gauge -> gauge.value() == 1);
    }
}
