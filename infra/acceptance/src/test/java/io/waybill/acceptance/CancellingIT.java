package io.waybill.acceptance;

import static io.waybill.acceptance.Status.CANCELLED;
import static io.waybill.acceptance.Status.CONFIRMED;
import static io.waybill.acceptance.Status.DISPATCHED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(SharedSystem.LOCK)
class CancellingIT {

    @RegisterExtension
    static final Shop SHOP = Shop.open();

    @Test
    void a_customer_cancels_half_way_and_owes_nothing() {
        PlacedOrder order = SHOP.accepts(Purchase.of(SHOP.sells(5), 1).paidWith("pm_sandbox_slow"))
                .hearsOf("PaymentRequested");
        assertThat(order.cancel().status()).isEqualTo(202);
        order.becomes(CANCELLED).hearsOf("CancellationRequested", "OrderCancelled");
    }

    @Test
    void a_customer_cancels_a_confirmed_order_and_everything_is_undone_in_reverse() {
        Product product = SHOP.sells(5);
        PlacedOrder order = SHOP.accepts(Purchase.of(product, 3)).becomes(CONFIRMED);
        assertThat(order.cancel().status()).isEqualTo(202);
        order.becomes(CANCELLED)
                .hearsOf(
                        "CancellationRequested",
                        "ShipmentCancelled",
                        "StockReleased",
                        "PaymentRefunded",
                        "OrderCancelled");
    }

    @Test
    void to_cancel_twice_is_to_cancel_once() {
        PlacedOrder order = SHOP.accepts(Purchase.of(SHOP.sells(5), 1)).becomes(CONFIRMED);
        order.cancel().orFail();
        order.cancel().orFail();
        order.becomes(CANCELLED);
        assertThat(order.history()).containsOnlyOnce("OrderCancelled", "PaymentRefunded");
    }

    @Test
    void what_is_on_its_way_cannot_be_cancelled() {
        PlacedOrder order = SHOP.accepts(Purchase.of(SHOP.sells(5), 1)).becomes(CONFIRMED);
        order.dispatch().orFail();
        order.becomes(DISPATCHED);
        Answer refusal = order.cancel();
        assertThat(refusal.status()).isEqualTo(409);
        assertThat(refusal.text("code")).isEqualTo("ORDER_ALREADY_DISPATCHED");
    }

    @Test
    void a_cancellation_that_races_the_dispatch_wins_or_loses_but_never_both() {
        Product product = SHOP.sells(50);
        List<PlacedOrder> orders = SHOP.acceptsAtOnce(
                Stream.generate(() -> Purchase.of(product, 1)).limit(12).toList());
        orders.forEach(order -> order.becomes(CONFIRMED));

        List<Answer> answers = Shop.atOnce(orders.stream()
                .flatMap(order -> Stream.<Callable<Answer>>of(order::cancel, order::dispatch))
                .toList());
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.isSuccess() || answer.status() == 409)
                        .as(answer.toString())
                        .isTrue());
        orders.forEach(order -> {
            order.becomesOneOf(CANCELLED, DISPATCHED);
            assertThat(order.history()).containsAnyOf("ShipmentCancelled", "ShipmentDispatched");
            assertThat(order.history().containsAll(List.of("ShipmentCancelled", "ShipmentDispatched")))
                    .as("%s: %s", order.id(), order.history())
                    .isFalse();
        });
    }
}
