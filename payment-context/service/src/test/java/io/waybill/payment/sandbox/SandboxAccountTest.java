package io.waybill.payment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.kernel.Money;
import io.waybill.payment.sandbox.SandboxCall.Kind;
import io.waybill.payment.sandbox.SandboxCall.Result;
import io.waybill.payment.sandbox.SandboxCall.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SandboxAccountTest {

    private static final Money AMOUNT = Money.parse("12.50", "EUR");

    private final List<SandboxCall> calls = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"pm_card_visa", "pm_sandbox_slow", "pm_sandbox_silent", "pm_sandbox_refund_fails"})
    void methods_that_work_move_the_money_once(String method) {
        assertThat(charge(method)).isEqualTo(Verdict.moved(Result.CHARGED));
        assertThat(charge(method)).isEqualTo(Verdict.unmoved(Result.CHARGED));
    }

    @ParameterizedTest
    @CsvSource({
        "pm_card_visa_chargeDeclined, card_declined",
        "pm_card_visa_chargeDeclinedInsufficientFunds, insufficient_funds",
        "pm_made_up, unknown_payment_method"
    })
    void methods_that_do_not_work_are_declined_each_time(String method, String reason) {
        assertThat(charge(method)).isEqualTo(Verdict.unmoved(Result.DECLINED, reason));
        assertThat(charge(method)).isEqualTo(Verdict.unmoved(Result.DECLINED, reason));
    }

    @Test
    void an_unavailable_partner_answers_the_fourth_time() {
        assertThat(charge("pm_sandbox_unavailable")).isEqualTo(Verdict.unmoved(Result.UNAVAILABLE));
        assertThat(charge("pm_sandbox_unavailable")).isEqualTo(Verdict.unmoved(Result.UNAVAILABLE));
        assertThat(charge("pm_sandbox_unavailable")).isEqualTo(Verdict.unmoved(Result.UNAVAILABLE));
        assertThat(charge("pm_sandbox_unavailable")).isEqualTo(Verdict.moved(Result.CHARGED));
    }

    @Test
    void less_than_nothing_is_declined_and_nothing_is_charged_as_told() {
        SandboxAccount account = new SandboxAccount(List.of());

        assertThat(account.charge(SandboxMethod.VISA, Money.ofMinor(-1, "EUR")).result())
                .isEqualTo(Result.DECLINED);
        assertThat(account.charge(SandboxMethod.VISA, Money.zero("EUR")).result())
                .isEqualTo(Result.CHARGED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_card_visa", "pm_sandbox_slow", "pm_sandbox_silent"})
    void a_charge_is_refunded_once(String method) {
        charge(method);

        assertThat(refund(false)).isEqualTo(Verdict.moved(Result.REFUNDED));
        assertThat(refund(false)).isEqualTo(Verdict.unmoved(Result.REFUNDED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_card_visa", "pm_sandbox_unavailable", "pm_sandbox_silent", "pm_sandbox_refund_fails"})
    void what_was_to_be_refunded_before_it_was_charged_is_never_charged(String method) {
        assertThat(refund(false)).isEqualTo(Verdict.unmoved(Result.NOTHING_CHARGED));

        assertThat(charge(method)).isEqualTo(Verdict.unmoved(Result.DECLINED, "refunded_before"));
        assertThat(refund(true)).isEqualTo(Verdict.unmoved(Result.NOTHING_CHARGED));
    }

    @Test
    void where_nothing_could_be_charged_nothing_is_refunded() {
        charge("pm_card_visa_chargeDeclined");
        assertThat(refund(false)).isEqualTo(Verdict.unmoved(Result.NOTHING_CHARGED));
    }

    @Test
    void a_charge_after_its_refund_moves_nothing() {
        charge("pm_card_visa");
        refund(false);

        assertThat(charge("pm_card_visa").moved()).isFalse();
    }

    @Test
    void refunds_that_fail_are_refused_until_an_operator_insists() {
        charge("pm_sandbox_refund_fails");

        assertThat(refund(false)).isEqualTo(Verdict.unmoved(Result.REFUSED, "refund_not_allowed"));
        assertThat(refund(false)).isEqualTo(Verdict.unmoved(Result.REFUSED, "refund_not_allowed"));
        assertThat(refund(true)).isEqualTo(Verdict.moved(Result.REFUNDED));
        assertThat(refund(false)).isEqualTo(Verdict.unmoved(Result.REFUNDED));
    }

    private Verdict charge(String methodId) {
        SandboxMethod method = SandboxMethod.named(methodId).orElse(null);
        Verdict verdict = new SandboxAccount(calls).charge(method, AMOUNT);
        calls.add(new SandboxCall(calls.size(), "key", Kind.CHARGE, method, AMOUNT, verdict, Instant.EPOCH));
        return verdict;
    }

    private Verdict refund(boolean approved) {
        Verdict verdict = new SandboxAccount(calls).refund(approved);
        calls.add(new SandboxCall(calls.size(), "key", Kind.REFUND, null, AMOUNT, verdict, Instant.EPOCH));
        return verdict;
    }
}
