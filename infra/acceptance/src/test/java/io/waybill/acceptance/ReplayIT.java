package io.waybill.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.acceptance.Operator.Processor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(SharedSystem.LOCK)
class ReplayIT {

    @RegisterExtension
    static final Shop SHOP = Shop.open();

    private static final Operator OPERATOR = new Operator(SHOP.gateway());

    @Test
    void a_replay_while_orders_run_takes_nothing_from_them_and_does_nothing_twice() {
        Product product = SHOP.sells(100);
        List<PlacedOrder> orders = SHOP.acceptsAtOnce(IntStream.range(0, 20)
                .mapToObj(number -> purchase(number, product))
                .toList());
        OPERATOR.replayAllWithoutWaiting();
        orders.addAll(SHOP.acceptsAtOnce(IntStream.range(0, 20)
                .mapToObj(number -> purchase(number, product))
                .toList()));
        OPERATOR.awaitAllCaughtUp();

        orders.forEach(order -> {
            order.comesToRest();
            assertThat(order.history()).doesNotHaveDuplicates();
        });
        assertThat(OPERATOR.parked()).isEmpty();
        SHOP.audit();
    }

    @Test
    void read_models_that_were_rebuilt_equal_the_live_ones_and_the_world_hears_nothing_of_it() {
        SHOP.acceptsAtOnce(IntStream.range(0, 10)
                .mapToObj(number -> purchase(number, SHOP.sells(5)))
                .toList());
        SHOP.audit();
        OPERATOR.awaitAllCaughtUp();
        World before = World.atRest(SharedSystem.get());
        assertThat(before.shown()).isNotEmpty();

        OPERATOR.replayAll();

        assertThat(World.of(SharedSystem.get())).isEqualTo(before);
    }

    @Test
    void what_acts_on_what_it_hears_is_never_replayed() {
        List<Processor> acting =
                OPERATOR.processors().stream().filter(it -> !it.replayable()).toList();
        assertThat(acting).extracting(Processor::name).contains("order.fulfilment", "order.notification");
        assertThat(acting).allSatisfy(processor -> {
            Answer answer = OPERATOR.replay(processor, "start");
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.text("code")).isEqualTo("PROCESSOR_NOT_REPLAYABLE");
        });
    }

    @Test
    void a_processor_that_is_unknown_and_a_place_that_is_none_are_refused() {
        assertThat(OPERATOR.replay(new Processor("order", "order.nonsense", true), "start")
                        .text("code"))
                .isEqualTo("PROCESSOR_NOT_FOUND");
        assertThat(OPERATOR.replay(new Processor("order", "order.tracking", true), "yesterday")
                        .text("code"))
                .isEqualTo("INVALID_VALUE");
        assertThat(OPERATOR.replay(new Processor("inventory", "inventory.browsing", true), "2026-01-01T00:00:00Z")
                        .text("code"))
                .isEqualTo("REPLAY_ONLY_FROM_START");
    }

    private static Purchase purchase(int number, Product product) {
        Purchase good = Purchase.of(product, 1);
        return switch (number % 5) {
            case 1 -> good.paidWith("pm_card_visa_chargeDeclined");
            case 2 -> good.sentNowhere();
            case 3 -> good.paidWith("pm_sandbox_unavailable");
            default -> good;
        };
    }
}
