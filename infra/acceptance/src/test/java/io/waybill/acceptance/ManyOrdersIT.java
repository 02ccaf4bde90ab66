package io.waybill.acceptance;

import static io.waybill.acceptance.Status.CONFIRMED;
import static io.waybill.acceptance.Status.REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(SharedSystem.LOCK)
class ManyOrdersIT {

    @RegisterExtension
    static final Shop SHOP = Shop.open();

    @Test
    void a_hundred_orders_at_once_all_end_right() {
        Product product = SHOP.sells(1_000);
        List<PlacedOrder> orders = SHOP.acceptsAtOnce(IntStream.range(0, 100)
                .mapToObj(number -> purchase(number, product))
                .toList());
        orders.forEach(PlacedOrder::comesToRest);
        assertThat(orders).filteredOn(order -> order.status() == CONFIRMED).hasSize(70);
        Stream.of("PAYMENT_DECLINED", "SHIPMENT_REFUSED", "OUT_OF_STOCK")
                .forEach(reason -> assertThat(orders)
                        .filteredOn(order -> order.view().text("reason").equals(reason))
                        .as(reason)
                        .hasSize(10));
    }

    @Test
    void the_last_pieces_are_sold_once_however_many_want_them() {
        Product product = SHOP.sells(20);
        List<PlacedOrder> orders = SHOP.acceptsAtOnce(
                Stream.generate(() -> Purchase.of(product, 1)).limit(40).toList());
        orders.forEach(PlacedOrder::comesToRest);
        assertThat(orders).filteredOn(order -> order.status() == CONFIRMED).hasSize(20);
        assertThat(orders).filteredOn(order -> order.status() == REJECTED).hasSize(20);
        assertThat(product.available()).isZero();
    }

    private static Purchase purchase(int number, Product product) {
        Purchase good = Purchase.of(product, 1);
        return switch (number % 10) {
            case 3 -> good.paidWith("pm_card_visa_chargeDeclined");
            case 5 -> good.sentNowhere();
            case 7 -> Purchase.of(product, 2_000);
            default -> good;
        };
    }
}
