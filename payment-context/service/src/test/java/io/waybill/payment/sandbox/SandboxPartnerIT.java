package io.waybill.payment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.waybill.kernel.Money;
import io.waybill.messaging.tasks.TimeLimit;
import io.waybill.messaging.tasks.TimeLimitExceeded;
import io.waybill.payment.charging.PaymentPartner;
import io.waybill.payment.charging.PaymentPartner.ChargeAnswer.Charged;
import io.waybill.payment.charging.PaymentPartner.ChargeAnswer.Declined;
import io.waybill.payment.charging.PaymentPartner.RefundAnswer;
import io.waybill.payment.charging.PaymentPartner.RefundAnswer.NothingCharged;
import io.waybill.payment.charging.PaymentPartner.RefundAnswer.Refunded;
import io.waybill.payment.charging.PaymentPartner.RefundAnswer.Refused;
import io.waybill.payment.sandbox.SandboxCall.Result;
import io.waybill.testing.TestServers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SandboxPartnerIT {

    private static final Money AMOUNT = Money.parse("12.50", "EUR");

    private static DataSource dataSource;

    private SandboxBooks books;
    private PaymentPartner partner;

    @BeforeAll
    static void migrate() {
        dataSource = TestServers.freshDatabase("payment_sandbox").dataSource();
        new ResourceDatabasePopulator(new ClassPathResource("db/payment/V1002__sandbox.sql")).execute(dataSource);
    }

    @BeforeEach
    void open() {
        JdbcClient jdbc = JdbcClient.create(dataSource);
        jdbc.sql("TRUNCATE sandbox_payment_call").update();
        books = new SandboxBooks(jdbc, new JdbcTransactionManager(dataSource));
        partner = new SandboxPartner(books, Duration.ofMillis(300));
    }

    @Test
    void a_charge_and_its_repetition_get_the_same_answer_and_stand_in_the_books() {
        assertThat(partner.charge("a", AMOUNT, "pm_card_visa")).isEqualTo(new Charged("sandbox:a"));
        assertThat(partner.charge("a", AMOUNT, "pm_card_visa")).isEqualTo(new Charged("sandbox:a"));

        assertThat(books.calls()).extracting(call -> call.verdict().moved()).containsExactly(true, false);
        assertThat(books.totals()).containsExactly(new SandboxTotal(AMOUNT, Money.zero("EUR")));
    }

    @Test
    void a_declined_charge_moves_nothing() {
        assertThat(partner.charge("a", AMOUNT, "pm_card_visa_chargeDeclined")).isEqualTo(new Declined("card_declined"));

        assertThat(books.totals()).isEmpty();
    }

    @Test
    void a_method_that_nobody_knows_is_declined_whatever_it_is_called() {
        assertThat(partner.charge("a", AMOUNT, "\u0000'; DROP TABLE payment"))
                .isEqualTo(new Declined("unknown_payment_method"));
    }

    @Test
    void a_refund_gives_back_what_was_charged() {
        partner.charge("a", AMOUNT, "pm_card_visa");

        assertThat(partner.refund("a", false)).isEqualTo(new Refunded());
        assertThat(partner.refund("a", false)).isEqualTo(new Refunded());

        assertThat(books.totals()).containsExactly(new SandboxTotal(AMOUNT, AMOUNT));
    }

    @Test
    void the_books_are_kept_per_currency() {
        partner.charge("a", AMOUNT, "pm_card_visa");
        partner.charge("b", Money.parse("3.00", "USD"), "pm_card_visa");
        partner.refund("b", false);

        assertThat(books.totals())
                .containsExactly(
                        new SandboxTotal(AMOUNT, Money.zero("EUR")),
                        new SandboxTotal(Money.parse("3.00", "USD"), Money.parse("3.00", "USD")));
    }

    @Test
    void an_unavailable_partner_fails_three_times() {
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThatThrownBy(() -> partner.charge("a", AMOUNT, "pm_sandbox_unavailable"))
                    .isInstanceOf(PartnerUnreachable.class);
        }

        assertThat(partner.charge("a", AMOUNT, "pm_sandbox_unavailable")).isInstanceOf(Charged.class);
    }

    @Test
    void a_slow_partner_answers_late() {
        CompletableFuture<?> answer =
                CompletableFuture.supplyAsync(() -> partner.charge("a", AMOUNT, "pm_sandbox_slow"));

        await().untilAsserted(() -> assertThat(books.calls()).hasSize(1));
        assertThat(answer).isNotDone();
        await().untilAsserted(() -> assertThat(answer).isCompletedWithValueMatching(Charged.class::isInstance));
    }

    @Test
    void a_silent_partner_charges_never_answers_and_refunds() {
        TimeLimit limit = new TimeLimit(Duration.ofMillis(200));

        assertThatThrownBy(() -> limit.call(() -> partner.charge("a", AMOUNT, "pm_sandbox_silent")))
                .isInstanceOf(TimeLimitExceeded.class);

        assertThat(books.totals()).containsExactly(new SandboxTotal(AMOUNT, Money.zero("EUR")));
        assertThat(partner.refund("a", false)).isEqualTo(new Refunded());
    }

    @Test
    void a_refund_that_fails_is_refused_until_an_operator_insists() {
        partner.charge("a", AMOUNT, "pm_sandbox_refund_fails");

        assertThat(partner.refund("a", false)).isEqualTo(new Refused("refund_not_allowed"));
        assertThat(partner.refund("a", true)).isEqualTo(new Refunded());
    }

    @Test
    void of_a_charge_and_a_refund_at_the_same_time_either_the_charge_is_refunded_or_never_made() {
        IntStream.range(0, 100).parallel().mapToObj(Integer::toString).forEach(key -> {
            CompletableFuture<?> charge =
                    CompletableFuture.supplyAsync(() -> partner.charge(key, AMOUNT, "pm_card_visa"));
            RefundAnswer refund = partner.refund(key, false);
            charge.join();

            boolean charged = books.account(key).calls().stream().anyMatch(call -> call.is(Result.CHARGED));
            assertThat(refund).isEqualTo(charged ? new Refunded() : new NothingCharged());
        });

        assertThat(books.totals())
                .allSatisfy(total -> assertThat(total.captured()).isEqualTo(total.refunded()));
    }

    @Test
    void the_same_charge_made_many_times_at_once_moves_the_money_once() {
        IntStream.range(0, 30).parallel().forEach(i -> partner.charge("a", AMOUNT, "pm_card_visa"));

        assertThat(books.calls()).hasSize(30);
        assertThat(books.totals()).containsExactly(new SandboxTotal(AMOUNT, Money.zero("EUR")));
    }
}
