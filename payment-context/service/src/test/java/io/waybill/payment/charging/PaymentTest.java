package io.waybill.payment.charging;

import static io.waybill.payment.PaymentFixtures.PAYMENT;
import static io.waybill.payment.PaymentFixtures.REFERENCE;
import static io.waybill.payment.PaymentFixtures.approvedRefund;
import static io.waybill.payment.PaymentFixtures.approvedRefundRequested;
import static io.waybill.payment.PaymentFixtures.completed;
import static io.waybill.payment.PaymentFixtures.failed;
import static io.waybill.payment.PaymentFixtures.process;
import static io.waybill.payment.PaymentFixtures.refund;
import static io.waybill.payment.PaymentFixtures.refundFailed;
import static io.waybill.payment.PaymentFixtures.refundRequested;
import static io.waybill.payment.PaymentFixtures.refunded;
import static io.waybill.payment.PaymentFixtures.requested;
import static io.waybill.payment.PaymentFixtures.voided;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.kernel.Command;
import io.waybill.messaging.KernelCommandTargetResolver;
import io.waybill.messaging.tasks.Tasks;
import io.waybill.payment.api.PaymentEvent;
import io.waybill.payment.charging.PaymentPartner.ChargeAnswer;
import io.waybill.payment.charging.PaymentPartner.RefundAnswer;
import io.waybill.testing.CallRecorder;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.ResultValidator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PaymentTest {

    private static final Command CHARGED = new RecordChargeAnswer(PAYMENT, new ChargeAnswer.Charged(REFERENCE));
    private static final Command DECLINED = new RecordChargeAnswer(PAYMENT, new ChargeAnswer.Declined("card_declined"));
    private static final Command REFUNDED = new RecordRefundAnswer(PAYMENT, false, new RefundAnswer.Refunded());
    private static final Command NOTHING_CHARGED =
            new RecordRefundAnswer(PAYMENT, false, new RefundAnswer.NothingCharged());
    private static final Command REFUSED =
            new RecordRefundAnswer(PAYMENT, false, new RefundAnswer.Refused("refund_not_allowed"));
    private static final Command APPROVED_REFUND_REFUSED =
            new RecordRefundAnswer(PAYMENT, true, new RefundAnswer.Refused("refund_not_allowed"));

    private static final String ASK_FOR_CHARGE = "enqueue payment.charge " + PAYMENT;
    private static final String ASK_FOR_REFUND = "enqueue payment.refund " + PAYMENT;
    private static final String STOP_CHARGING = "cancel payment.charge " + PAYMENT;

    private final CallRecorder<Tasks> tasks = CallRecorder.of(Tasks.class);
    private FixtureConfiguration<Payment> fixture;

    @BeforeEach
    void prepare() {
        fixture = new AggregateTestFixture<>(Payment.class);
        fixture.registerCommandTargetResolver(new KernelCommandTargetResolver());
        fixture.registerInjectableResource(tasks.collaborator());
    }

    /** Every life a payment can have had when the charge is no longer open. */
    static Stream<List<PaymentEvent>> livesWithoutAnOpenCharge() {
        return Stream.of(
                List.of(requested(), completed()),
                List.of(requested(), failed()),
                List.of(requested(), refundRequested()),
                List.of(requested(), completed(), refundRequested()),
                List.of(requested(), completed(), refundRequested(), refunded()),
                List.of(requested(), completed(), refundRequested(), refundFailed()),
                List.of(requested(), refundRequested(), voided()),
                List.of(requested(), failed(), voided()),
                List.of(voided()));
    }

    /** Every life a payment can have had when no refund is open. */
    static Stream<List<PaymentEvent>> livesWithoutAnOpenRefund() {
        return Stream.of(
                List.of(requested()),
                List.of(requested(), completed()),
                List.of(requested(), failed()),
                List.of(requested(), completed(), refundRequested(), refunded()),
                List.of(requested(), refundRequested(), voided()),
                List.of(requested(), failed(), voided()),
                List.of(voided()));
    }

    /** Every life that ended for good. */
    static Stream<List<PaymentEvent>> endedLives() {
        return Stream.of(
                List.of(requested(), completed(), refundRequested(), refunded()),
                List.of(requested(), refundRequested(), refunded()),
                List.of(requested(), refundRequested(), voided()),
                List.of(requested(), failed(), voided()),
                List.of(voided()));
    }

    @Nested
    class Asked_to_charge {

        @Test
        void it_is_requested_and_the_partner_will_be_asked() {
            when(List.of(), process()).expectEvents(requested());

            assertThat(tasks.calls()).containsExactly(ASK_FOR_CHARGE + " " + requested());
        }

        @Test
        void again_while_the_answer_is_open_it_stays_silent() {
            isSilent(List.of(requested()), process());
        }

        @ParameterizedTest
        @MethodSource("io.waybill.payment.charging.PaymentTest#livesWithoutAnOpenCharge")
        void again_after_anything_else_it_stays_silent_and_never_charges(List<PaymentEvent> life) {
            isSilent(life, process());
        }
    }

    @Nested
    class Taking_up_the_charge {

        @Test
        void tells_what_to_charge_while_the_answer_is_open() {
            when(List.of(requested()), new TakeUpCharge(PAYMENT)).expectResultMessagePayload(requested());
        }

        @ParameterizedTest
        @MethodSource("io.waybill.payment.charging.PaymentTest#livesWithoutAnOpenCharge")
        void tells_nothing_otherwise(List<PaymentEvent> life) {
            when(life, new TakeUpCharge(PAYMENT)).expectNoEvents().expectResultMessagePayload(null);
        }
    }

    @Nested
    class When_the_partner_answers_the_charge {

        @Test
        void charged_completes_it() {
            when(List.of(requested()), CHARGED).expectEvents(completed());
        }

        @Test
        void declined_fails_it() {
            when(List.of(requested()), DECLINED).expectEvents(failed());
        }

        @ParameterizedTest
        @MethodSource("io.waybill.payment.charging.PaymentTest#livesWithoutAnOpenCharge")
        void charged_again_or_too_late_changes_nothing(List<PaymentEvent> life) {
            isSilent(life, CHARGED);
        }

        @ParameterizedTest
        @MethodSource("io.waybill.payment.charging.PaymentTest#livesWithoutAnOpenCharge")
        void declined_again_or_too_late_changes_nothing(List<PaymentEvent> life) {
            isSilent(life, DECLINED);
        }
    }

    @Nested
    class Asked_to_refund {

        @Test
        void before_anything_was_known_it_is_voided() {
            when(List.of(), refund()).expectEvents(voided());

            assertThat(tasks.calls()).isEmpty();
        }

        @Test
        void after_the_charge_failed_it_is_voided() {
            when(List.of(requested(), failed()), refund()).expectEvents(voided());

            assertThat(tasks.calls()).isEmpty();
        }

        @Test
        void while_the_charge_is_open_charging_stops_and_the_partner_will_be_asked_to_refund() {
            when(List.of(requested()), refund()).expectEvents(refundRequested());

            assertThat(tasks.calls()).containsExactly(STOP_CHARGING, ASK_FOR_REFUND);
        }

        @Test
        void after_the_charge_the_partner_will_be_asked_to_refund() {
            when(List.of(requested(), completed()), refund()).expectEvents(refundRequested());

            assertThat(tasks.calls()).containsExactly(ASK_FOR_REFUND);
        }

        @Test
        void again_after_the_partner_refused_the_partner_will_be_asked_again() {
            when(List.of(requested(), completed(), refundRequested(), refundFailed()), refund())
                    .expectEvents(refundRequested());

            assertThat(tasks.calls()).containsExactly(ASK_FOR_REFUND);
        }

        @Test
        void with_approval_after_the_partner_refused_the_partner_will_be_told_of_it() {
            when(List.of(requested(), completed(), refundRequested(), refundFailed()), approvedRefund())
                    .expectEvents(approvedRefundRequested());

            assertThat(tasks.calls()).containsExactly(ASK_FOR_REFUND);
        }

        @Test
        void with_approval_while_the_refund_is_open_the_partner_will_be_told_of_it() {
            when(List.of(requested(), completed(), refundRequested()), approvedRefund())
                    .expectEvents(approvedRefundRequested());

            assertThat(tasks.calls()).containsExactly(ASK_FOR_REFUND);
        }

        @Test
        void again_while_the_refund_is_open_it_stays_silent() {
            isSilent(List.of(requested(), refundRequested()), refund());
        }

        @Test
        void again_while_the_approved_refund_is_open_it_stays_silent() {
            isSilent(List.of(requested(), approvedRefundRequested()), approvedRefund());
        }

        @Test
        void without_approval_while_the_approved_refund_is_open_it_stays_silent() {
            isSilent(List.of(requested(), approvedRefundRequested()), refund());
        }

        @ParameterizedTest
        @MethodSource("io.waybill.payment.charging.PaymentTest#endedLives")
        void after_its_end_it_stays_silent(List<PaymentEvent> life) {
            isSilent(life, refund());
        }

        @ParameterizedTest
        @MethodSource("io.waybill.payment.charging.PaymentTest#endedLives")
        void with_approval_after_its_end_it_stays_silent(List<PaymentEvent> life) {
            isSilent(life, approvedRefund());
        }
    }

    @Nested
    class Taking_up_the_refund {

        @Test
        void tells_that_there_is_no_approval() {
            when(List.of(requested(), refundRequested()), new TakeUpRefund(PAYMENT))
                    .expectResultMessagePayload(refundRequested());
        }

        @Test
        void tells_of_the_approval() {
            when(
                            List.of(requested(), completed(), refundRequested(), approvedRefundRequested()),
                            new TakeUpRefund(PAYMENT))
                    .expectResultMessagePayload(approvedRefundRequested());
        }

        @Test
        void tells_nothing_after_a_refusal() {
            when(List.of(requested(), refundRequested(), refundFailed()), new TakeUpRefund(PAYMENT))
                    .expectResultMessagePayload(null);
        }

        @ParameterizedTest
        @MethodSource("io.waybill.payment.charging.PaymentTest#livesWithoutAnOpenRefund")
        void tells_nothing_otherwise(List<PaymentEvent> life) {
            when(life, new TakeUpRefund(PAYMENT)).expectNoEvents().expectResultMessagePayload(null);
        }
    }

    @Nested
    class When_the_partner_answers_the_refund {

        @Test
        void refunded_refunds_what_was_completed() {
            when(List.of(requested(), completed(), refundRequested()), REFUNDED).expectEvents(refunded());
        }

        @Test
        void refunded_refunds_what_was_charged_without_our_knowing() {
            when(List.of(requested(), refundRequested()), REFUNDED).expectEvents(refunded());
        }

        @Test
        void nothing_charged_voids_it() {
            when(List.of(requested(), refundRequested()), NOTHING_CHARGED).expectEvents(voided());
        }

        @Test
        void refused_fails_the_refund() {
            when(List.of(requested(), completed(), refundRequested()), REFUSED).expectEvents(refundFailed());
        }

        @Test
        void refused_in_spite_of_the_approval_fails_the_refund() {
            when(List.of(requested(), completed(), approvedRefundRequested()), APPROVED_REFUND_REFUSED)
                    .expectEvents(refundFailed());
        }

        @Test
        void a_refusal_from_before_the_approval_changes_nothing() {
            isSilent(List.of(requested(), completed(), refundRequested(), approvedRefundRequested()), REFUSED);
        }

        @Test
        void refused_twice_fails_the_refund_once() {
            isSilent(List.of(requested(), completed(), refundRequested(), refundFailed()), REFUSED);
        }

        @Test
        void refunded_after_a_refusal_still_refunds() {
            when(List.of(requested(), completed(), refundRequested(), refundFailed()), REFUNDED)
                    .expectEvents(refunded());
        }

        @Test
        void nothing_charged_after_a_refusal_still_voids() {
            when(List.of(requested(), refundRequested(), refundFailed()), NOTHING_CHARGED)
                    .expectEvents(voided());
        }

        @ParameterizedTest
        @MethodSource("io.waybill.payment.charging.PaymentTest#livesWithoutAnOpenRefund")
        void answers_that_come_again_or_too_late_change_nothing(List<PaymentEvent> life) {
            isSilent(life, REFUNDED);
            isSilent(life, NOTHING_CHARGED);
            isSilent(life, REFUSED);
        }
    }

    private ResultValidator<Payment> when(List<PaymentEvent> life, Command command) {
        return fixture.given(life).when(command).expectSuccessfulHandlerExecution();
    }

    private void isSilent(List<PaymentEvent> life, Command command) {
        prepare();
        when(life, command).expectNoEvents();
        assertThat(tasks.calls()).isEmpty();
    }
}
