package io.waybill.payment;

import static io.waybill.payment.PaymentFixtures.AMOUNT;
import static io.waybill.payment.PaymentFixtures.ORDER;
import static io.waybill.payment.PaymentFixtures.PAYMENT;

import io.waybill.messaging.WaybillJson;
import io.waybill.payment.api.FindPayment;
import io.waybill.payment.api.PaymentCommand;
import io.waybill.payment.api.PaymentEvent;
import io.waybill.payment.api.PaymentStatus;
import io.waybill.payment.api.PaymentSummary;
import io.waybill.testing.ContractSnapshot;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PaymentContractTest {

    @Test
    void what_payment_says_is_what_others_were_promised() {
        ContractSnapshot.of(WaybillJson.mapper())
                .verify(
                        List.of(PaymentCommand.class, PaymentEvent.class, FindPayment.class, PaymentSummary.class),
                        List.of(
                                PaymentFixtures.process(),
                                PaymentFixtures.refund(),
                                PaymentFixtures.requested(),
                                PaymentFixtures.completed(),
                                PaymentFixtures.failed(),
                                PaymentFixtures.refundRequested(),
                                PaymentFixtures.refunded(),
                                PaymentFixtures.voided(),
                                PaymentFixtures.refundFailed(),
                                new FindPayment(PAYMENT),
                                new PaymentSummary(
                                        PAYMENT,
                                        ORDER,
                                        PaymentFixtures.CUSTOMER,
                                        PaymentStatus.FAILED,
                                        AMOUNT,
                                        "card_declined",
                                        Instant.parse("2026-11-22T10:00:00Z"),
                                        Instant.parse("2026-11-22T10:00:01Z"))));
    }
}
