package io.waybill.acceptance;

import static io.waybill.acceptance.Status.CONFIRMED;
import static io.waybill.acceptance.Status.DELIVERED;
import static io.waybill.acceptance.Status.DISPATCHED;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(SharedSystem.LOCK)
class BuyingIT {

    @RegisterExtension
    static final Shop SHOP = Shop.open();

    @Test
    void what_is_bought_is_paid_reserved_shipped_and_delivered() {
        Product product = SHOP.sells(10);
        PlacedOrder order = SHOP.accepts(Purchase.of(product, 2)).becomes(CONFIRMED);
        assertThat(order.total()).isEqualByComparingTo("25.00");
        assertThat(product.available()).isEqualTo(8);

        order.dispatch().orFail();
        order.becomes(DISPATCHED).hearsOf("StockCommitted");
        order.deliver().orFail();
        order.becomes(DELIVERED)
                .hearsOf(
                        "OrderPlaced",
                        "PaymentCompleted",
                        "StockReserved",
                        "ShipmentCreated",
                        "OrderConfirmed",
                        "ShipmentDispatched",
                        "ShipmentDelivered");
        assertThat(product.available()).isEqualTo(8);
    }

    @Test
    void a_declined_payment_rejects_the_order_and_reserves_nothing() {
        PlacedOrder order = SHOP.accepts(Purchase.of(SHOP.sells(5), 1).paidWith("pm_card_visa_chargeDeclined"));
        order.isRejectedBecauseOf("PAYMENT_DECLINED");
        assertThat(order.history()).contains("PaymentFailed").doesNotContain("StockReserved", "PaymentRefunded");
    }

    @Test
    void insufficient_funds_reject_the_order_like_any_declined_payment() {
        SHOP.accepts(Purchase.of(SHOP.sells(5), 1).paidWith("pm_card_visa_chargeDeclinedInsufficientFunds"))
                .isRejectedBecauseOf("PAYMENT_DECLINED");
    }

    @Test
    void what_is_out_of_stock_after_the_payment_is_refunded() {
        PlacedOrder order = SHOP.accepts(Purchase.of(SHOP.sells(3), 4));
        order.isRejectedBecauseOf("OUT_OF_STOCK");
        order.hearsOf("PaymentCompleted", "StockReservationFailed", "PaymentRefunded", "OrderRejected");
    }

    @Test
    void what_the_carrier_refuses_is_put_back_on_the_shelf_and_refunded() {
        Product product = SHOP.sells(5);
        PlacedOrder order = SHOP.accepts(Purchase.of(product, 5).sentNowhere());
        order.isRejectedBecauseOf("SHIPMENT_REFUSED");
        order.hearsOf("StockReserved", "ShipmentFailed", "StockReleased", "PaymentRefunded", "OrderRejected");
    }

    @Test
    void a_customer_who_would_rather_wait_hears_the_outcome_at_once() {
        Product product = SHOP.sells(5);
        Purchase good = Purchase.of(product, 1);
        Answer confirmed = SHOP.asks(good, "Prefer", "wait=20");
        assertThat(confirmed.status()).isEqualTo(201);
        assertThat(confirmed.text("status")).isEqualTo("CONFIRMED");
        assertThat(confirmed.header("Location")).isEqualTo("/api/orders/" + confirmed.text("orderId"));
        SHOP.accepts(good);

        Purchase bad = Purchase.of(product, 1).paidWith("pm_card_visa_chargeDeclined");
        assertThat(SHOP.asks(bad, "Prefer", "wait=20").text("status")).isEqualTo("REJECTED");
    }

    @Test
    void whoever_makes_up_what_they_have_written_waits_in_vain_and_shuts_out_nobody() {
        Product product = SHOP.sells(10);
        SHOP.accepts(Purchase.of(product, 1)).becomes(CONFIRMED);
        String future = "1 order 999999999 999999999 nothing waybill.order.OrderPlaced";
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(future.getBytes(StandardCharsets.UTF_8));

        assertThat(Shop.atOnce(Collections.<Callable<Answer>>nCopies(
                        6, () -> SHOP.asks(Purchase.of(product, 1), "Waybill-Consistency", token))))
                .extracting(answer -> answer.text("code"))
                .containsOnly("READ_MODEL_BEHIND");
        Purchase honest = Purchase.of(product, 1);
        assertThat(SHOP.asks(honest).status()).isEqualTo(202);
        SHOP.accepts(honest).becomes(CONFIRMED);
    }

    @Test
    void the_same_request_sent_twice_buys_once() {
        Product product = SHOP.sells(5);
        Purchase purchase = Purchase.of(product, 1);
        PlacedOrder first = SHOP.accepts(purchase);
        assertThat(SHOP.accepts(purchase)).isEqualTo(first);
        first.becomes(CONFIRMED);
        assertThat(SHOP.accepts(purchase)).isEqualTo(first);
        assertThat(product.available()).isEqualTo(4);
    }

    @Test
    void the_same_request_sent_ten_times_at_once_buys_once() {
        Product product = SHOP.sells(50);
        Callable<PlacedOrder> same = sameRequest(Purchase.of(product, 1));
        var answers = Shop.atOnce(Collections.nCopies(10, same));
        assertThat(answers).containsOnly(answers.getFirst());
        answers.getFirst().becomes(CONFIRMED);
        assertThat(product.available()).isEqualTo(49);
    }

    private static Callable<PlacedOrder> sameRequest(Purchase purchase) {
        return () -> SHOP.accepts(purchase);
    }
}
