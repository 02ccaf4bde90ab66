package io.waybill.acceptance;

import static io.waybill.acceptance.Status.COMPENSATION_STUCK;
import static io.waybill.acceptance.Status.CONFIRMED;
import static io.waybill.acceptance.Status.REJECTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(value = SharedSystem.LOCK, mode = ResourceAccessMode.READ)
class PartnersIT {

    @RegisterExtension
    static final Shop SHOP = Shop.open();

    @Test
    @Execution(CONCURRENT)
    void a_slow_payment_partner_only_delays_the_order() {
        SHOP.accepts(Purchase.of(SHOP.sells(5), 1).paidWith("pm_sandbox_slow")).becomes(CONFIRMED);
    }

    @Test
    @Execution(CONCURRENT)
    void a_payment_partner_that_cannot_be_reached_is_asked_again() {
        SHOP.accepts(Purchase.of(SHOP.sells(5), 1).paidWith("pm_sandbox_unavailable"))
                .becomes(CONFIRMED);
    }

    @Test
    @Tag("impatient")
    @Execution(CONCURRENT)
    void a_payment_partner_that_stays_silent_is_given_up_and_what_it_charged_is_refunded() {
        PlacedOrder order = SHOP.accepts(Purchase.of(SHOP.sells(5), 1).paidWith("pm_sandbox_silent"));
        order.isRejectedBecauseOf("TIMED_OUT");
        order.hearsOf("RefundRequested", "OrderRejected");
    }

    @Test
    @Tag("impatient")
    @Execution(CONCURRENT)
    void a_refund_that_fails_gets_stuck_until_an_operator_resumes_it() {
        PlacedOrder order = SHOP.accepts(Purchase.of(SHOP.sells(5), 1)
                .paidWith("pm_sandbox_refund_fails")
                .sentNowhere());
        order.becomes(COMPENSATION_STUCK).hearsOf("RefundFailed", "CompensationStuck");
        assertThat(order.resume().status()).isEqualTo(202);
        order.becomes(REJECTED).hearsOf("CompensationResumed", "PaymentRefunded", "OrderRejected");
        assertThat(order.view().text("reason")).isEqualTo("SHIPMENT_REFUSED");
    }

    @Test
    @Execution(CONCURRENT)
    void there_is_nothing_to_resume_where_nothing_is_stuck() {
        PlacedOrder order = SHOP.accepts(Purchase.of(SHOP.sells(5), 1)).becomes(CONFIRMED);
        Answer refusal = order.resume();
        assertThat(refusal.status()).isEqualTo(409);
        assertThat(refusal.text("code")).isEqualTo("COMPENSATION_NOT_STUCK");
    }
}
