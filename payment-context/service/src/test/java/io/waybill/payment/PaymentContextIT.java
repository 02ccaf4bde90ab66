package io.waybill.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.payment.api.ProcessPayment;
import io.waybill.payment.api.RefundPayment;
import io.waybill.testing.Answer;
import io.waybill.testing.Answer.Problem;
import io.waybill.testing.ContextDoor;
import io.waybill.testing.TestTokens;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PaymentContextIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration A_WHILE = Duration.ofSeconds(1);

    private static RunningPayment service;

    private OrderId order;
    private PaymentId payment;

    @BeforeAll
    static void start() {
        service = new RunningPayment(
                "--waybill.payment.partner-timeout=800ms",
                "--waybill.payment.partner.open-for=200ms",
                "--waybill.payment.sandbox.slowness=400ms");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void draw() {
        order = OrderId.of("ord_" + UUID.randomUUID());
        payment = PaymentId.forOrder(order);
    }

    @Test
    void a_payment_asked_for_by_queue_is_charged_told_and_shown() {
        service.sendByQueue(process("pm_card_visa"));

        told("PaymentRequested", "PaymentCompleted");
        becomes("COMPLETED");
        assertThat(calls()).containsExactly("CHARGE CHARGED moved");
        JsonNode shown = service.get("/api/payments/" + payment).body();
        assertThat(shown.get("orderId").asText()).isEqualTo(order.value());
        assertThat(shown.at("/amount/amount").asText()).isEqualTo("12.50");
        assertThat(shown.at("/amount/currency").asText()).isEqualTo("EUR");
        assertThat(shown.has("reason")).isFalse();
        assertThat(shown.get("updatedAt").asText()).endsWith("Z");
    }

    @Test
    void a_payment_is_shown_to_its_customer_and_to_operators() {
        service.sendByQueue(process("pm_card_visa"));
        becomes("COMPLETED");
        String path = "/api/payments/" + payment;
        String owner = TestTokens.customer(PaymentFixtures.CUSTOMER.value());

        assertThat(service.getAs(List.of(owner), path).status()).isEqualTo(200);
        assertThat(service.getAs(List.of(TestTokens.operator()), path).status()).isEqualTo(200);
        assertThat(service.getAs(List.of(TestTokens.customer("cus_2")), path).problem())
                .isEqualTo(new Problem(404, "PAYMENT_NOT_FOUND"));
        assertThat(service.getAs(List.of(), path).status()).isEqualTo(401);
        assertThat(service.getAs(List.of(owner, owner), path).status()).isEqualTo(401);
        assertThat(service.getAs(List.of(owner), "/api/admin/processors").status())
                .isEqualTo(403);
        assertThat(service.getAs(List.of(TestTokens.operator()), "/api/nowhere").status())
                .isEqualTo(403);
    }

    @Test
    void the_partners_books_are_read_part_by_part() {
        service.sendByQueue(process("pm_card_visa"));
        becomes("COMPLETED");
        JsonNode all = service.books();
        JsonNode last = all.get("items").get(all.get("items").size() - 1);

        String before = "/sandbox/payments?after=" + (last.get("id").asLong() - 1);
        assertThat(service.get(before).body().get("items")).containsExactly(last);
        assertThat(service.get("/sandbox/payments?after=" + last.get("id"))
                        .body()
                        .get("items"))
                .isEmpty();
        JsonNode first = service.get("/sandbox/payments?limit=1").body();
        assertThat(first.get("items")).containsExactly(all.get("items").get(0));
        assertThat(first.get("totals")).isEqualTo(all.get("totals"));
    }

    @Test
    void its_own_door_is_for_whom_the_documents_say() throws Exception {
        service.sendByQueue(process("pm_card_visa"));
        becomes("COMPLETED");
        var door = new ContextDoor(
                "payment",
                service.context(),
                TestTokens.customer(PaymentFixtures.CUSTOMER.value()),
                Map.of("id", payment.value()),
                Map.of("id", "pay_" + UUID.randomUUID()));

        assertThat(door.mistakes()).isEmpty();
        var refusals = door.refusals();
        assertThat(refusals.mutations()).isGreaterThanOrEqualTo(60);
        assertThat(refusals.routes()).isGreaterThanOrEqualTo(9);
        assertThat(refusals.believed()).isEmpty();
        assertThat(refusals.shapes()).hasSize(1);
    }

    @Test
    void the_same_command_many_times_charges_once_and_tells_once() {
        for (int i = 0; i < 20; i++) {
            service.sendByQueue(process("pm_card_visa"));
        }

        becomes("COMPLETED");
        service.sendByQueue(process("pm_card_visa"));
        await().during(A_WHILE).untilAsserted(() -> assertThat(calls()).containsExactly("CHARGE CHARGED moved"));
        told("PaymentRequested", "PaymentCompleted");
    }

    @Test
    void a_declined_payment_fails_with_the_reason_and_is_voided_by_a_refund() {
        service.sendByQueue(process("pm_card_visa_chargeDeclinedInsufficientFunds"));

        becomes("FAILED");
        assertThat(service.get("/api/payments/" + payment).text("/reason")).isEqualTo("insufficient_funds");

        service.sendByQueue(refund());

        told("PaymentRequested", "PaymentFailed", "PaymentVoided");
        becomes("VOIDED");
    }

    @Test
    void an_unavailable_partner_is_asked_until_it_answers() {
        service.sendByQueue(process("pm_sandbox_unavailable"));

        told("PaymentRequested", "PaymentCompleted");
        assertThat(calls())
                .containsExactly(
                        "CHARGE UNAVAILABLE", "CHARGE UNAVAILABLE", "CHARGE UNAVAILABLE", "CHARGE CHARGED moved");
    }

    @Test
    void a_completed_payment_is_refunded_once() {
        service.sendByQueue(process("pm_card_visa"));
        becomes("COMPLETED");

        service.sendByQueue(refund());
        service.sendByQueue(refund());

        told("PaymentRequested", "PaymentCompleted", "RefundRequested", "PaymentRefunded");
        becomes("REFUNDED");
        assertThat(calls()).containsExactly("CHARGE CHARGED moved", "REFUND REFUNDED moved");
    }

    @Test
    void a_refund_before_the_payment_voids_it_and_nothing_is_ever_charged() {
        service.sendByQueue(refund());
        told("PaymentVoided");

        service.sendByQueue(process("pm_card_visa"));

        await().during(A_WHILE).untilAsserted(() -> assertThat(calls()).isEmpty());
        told("PaymentVoided");
        assertThat(service.status(payment)).isEqualTo("VOIDED");
    }

    @Test
    void a_charge_whose_answer_never_arrives_is_asked_again_and_can_be_refunded() {
        service.sendByQueue(process("pm_sandbox_silent"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(calls()).containsExactly("CHARGE CHARGED moved", "CHARGE CHARGED"));
        assertThat(service.status(payment)).isEqualTo("REQUESTED");

        service.sendByQueue(refund());

        told("PaymentRequested", "RefundRequested", "PaymentRefunded");
        int asked = calls().size();
        await().during(A_WHILE.multipliedBy(2))
                .atMost(SOON)
                .untilAsserted(() -> assertThat(calls()).hasSizeLessThanOrEqualTo(asked));
        told("PaymentRequested", "RefundRequested", "PaymentRefunded");
    }

    @Test
    void a_refund_overtakes_a_charge_that_is_in_flight() {
        service.sendByQueue(process("pm_sandbox_slow"));
        await().untilAsserted(() -> assertThat(calls()).containsExactly("CHARGE CHARGED moved"));

        service.sendByQueue(refund());

        told("PaymentRequested", "RefundRequested", "PaymentRefunded");
        await().during(A_WHILE)
                .untilAsserted(() -> assertThat(service.status(payment)).isEqualTo("REFUNDED"));
        assertThat(calls()).containsExactly("CHARGE CHARGED moved", "REFUND REFUNDED moved");
    }

    @Test
    void a_refused_refund_is_asked_again_and_granted_when_an_operator_insists() {
        service.sendByQueue(process("pm_sandbox_refund_fails"));
        becomes("COMPLETED");

        service.sendByQueue(refund());
        becomes("REFUND_FAILED");
        service.sendByQueue(refund());
        told(
                "PaymentRequested",
                "PaymentCompleted",
                "RefundRequested",
                "RefundFailed",
                "RefundRequested",
                "RefundFailed");

        service.sendByQueue(new RefundPayment(payment, order, true));

        becomes("REFUNDED");
        assertThat(calls())
                .containsExactly("CHARGE CHARGED moved", "REFUND REFUSED", "REFUND REFUSED", "REFUND REFUNDED moved");
    }

    @Test
    void a_hundred_payments_half_of_them_refunded_at_the_same_moment_all_end_right() {
        List<OrderId> orders = Stream.generate(() -> OrderId.of("ord_" + UUID.randomUUID()))
                .limit(100)
                .toList();
        CommandGateway commands = service.bean(CommandGateway.class);
        Money amount = Money.parse("1.00", "CHF");

        orders.parallelStream().forEach(it -> {
            PaymentId id = PaymentId.forOrder(it);
            commands.sendAndWait(new ProcessPayment(id, it, PaymentFixtures.CUSTOMER, amount, "pm_card_visa"));
            if (orders.indexOf(it) % 2 == 0) {
                commands.sendAndWait(new RefundPayment(id, it, false));
            }
        });

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(orders)
                        .allSatisfy(it -> assertThat(service.status(PaymentId.forOrder(it)))
                                .isIn(
                                        orders.indexOf(it) % 2 == 0
                                                ? List.of("REFUNDED", "VOIDED")
                                                : List.of("COMPLETED"))));
        JsonNode total = service.books().at("/totals/CHF");
        assertThat(Money.parse(total.get("captured").asText(), "CHF")
                        .minus(Money.parse(total.get("refunded").asText(), "CHF")))
                .isEqualTo(Money.parse("50.00", "CHF"));
    }

    @Test
    void no_task_is_left_when_everything_is_said() {
        service.sendByQueue(process("pm_card_visa"));
        becomes("COMPLETED");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(service.bean(JdbcClient.class)
                                .sql("SELECT key FROM task WHERE key = :key")
                                .param("key", payment.value())
                                .query(String.class)
                                .list())
                        .isEmpty());
    }

    @Test
    void a_payment_that_nobody_asked_for_is_not_found() {
        Answer answer = service.get("/api/payments/" + payment);

        assertThat(answer.problem()).isEqualTo(new Problem(404, "PAYMENT_NOT_FOUND"));
        assertThat(answer.header("cache-control")).isEqualTo("private, no-cache");
    }

    @Test
    void what_is_no_id_of_a_payment_is_refused() {
        for (String id : List.of(order.value(), "pay_1", payment.value().toUpperCase(Locale.ROOT), "%20")) {
            assertThat(service.get("/api/payments/" + id).problem()).isEqualTo(new Problem(400, "INVALID_VALUE"));
        }
    }

    private ProcessPayment process(String method) {
        return new ProcessPayment(payment, order, PaymentFixtures.CUSTOMER, Money.parse("12.50", "EUR"), method);
    }

    private RefundPayment refund() {
        return new RefundPayment(payment, order, false);
    }

    private void becomes(String status) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(service.status(payment)).isEqualTo(status));
    }

    private void told(String... events) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(service.told(payment)).containsExactly(events));
    }

    private List<String> calls() {
        return StreamSupport.stream(service.books(payment).spliterator(), false)
                .map(PaymentContextIT::call)
                .toList();
    }

    private static String call(JsonNode call) {
        return call.get("kind").asText()
                + " "
                + call.get("result").asText()
                + (call.get("moved").asBoolean() ? " moved" : "");
    }
}
