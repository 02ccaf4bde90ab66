package io.waybill.inventory.browsing;

import static io.waybill.inventory.InventoryFixtures.MUG;
import static io.waybill.inventory.InventoryFixtures.STOVE;
import static io.waybill.inventory.InventoryFixtures.euros;
import static io.waybill.inventory.InventoryFixtures.line;
import static io.waybill.inventory.InventoryFixtures.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.inventory.InventoryApplication;
import io.waybill.inventory.api.ChangePrice;
import io.waybill.inventory.api.CommitStock;
import io.waybill.inventory.api.ListProduct;
import io.waybill.inventory.api.ReceiveStock;
import io.waybill.inventory.api.ReleaseStock;
import io.waybill.inventory.api.ReserveStock;
import io.waybill.kernel.Command;
import io.waybill.kernel.Quantity;
import io.waybill.messaging.processing.Processors;
import io.waybill.testing.Deployment;
import io.waybill.testing.RunningContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProductsProjectionIT {

    private static final String PROCESSOR = "inventory.browsing";

    private static RunningContext inventory;

    @BeforeAll
    static void openTheShop() {
        inventory = Deployment.fresh("inventory").start(InventoryApplication::start);
    }

    @AfterAll
    static void closeTheShop() {
        inventory.close();
    }

    @Test
    void what_buyers_see_is_what_the_events_say_live_and_rebuilt() {
        carryOut(
                new ListProduct(MUG, "Mug", euros("12.00")),
                new ListProduct(STOVE, "Stove", euros("45.50")),
                new ReceiveStock(MUG, Quantity.of(60)),
                new ReceiveStock(MUG, Quantity.of(40)),
                new ReceiveStock(STOVE, Quantity.of(3)),
                new ListProduct(MUG, "Enamel mug", euros("12.50")),
                new ChangePrice(STOVE, euros("44.00")),
                new ReserveStock(order(1), List.of(line(MUG, 4), line(STOVE, 1), line(MUG, 6))),
                new CommitStock(order(1)),
                new ReserveStock(order(2), List.of(line(MUG, 20))),
                new ReleaseStock(order(2)),
                new ReserveStock(order(3), List.of(line(STOVE, 9))),
                new ReleaseStock(order(3)),
                new ReserveStock(order(4), List.of(line(MUG, 7))),
                new ReleaseStock(order(5)));

        await().untilAsserted(() -> assertThat(figures())
                .containsExactly(
                        new Figures("MUG-ENAMEL", "Enamel mug", 1250, "EUR", 90, 7),
                        new Figures("STOVE-GAS", "Stove", 4400, "EUR", 2, 0)));
        List<Map<String, Object>> live = rows();

        inventory
                .bean(JdbcClient.class)
                .sql("update product set name = 'spoilt', on_hand = on_hand + 1, reserved = 3, updated = now()")
                .update();
        assertThat(inventory.bean(Processors.class).replayFromStart(PROCESSOR)).isNull();

        await().untilAsserted(() -> assertThat(rows()).isEqualTo(live));
    }

    private record Figures(String sku, String name, long price, String currency, long onHand, long reserved) {}

    private static void carryOut(Command... commands) {
        Stream.of(commands).forEach(inventory.bean(CommandGateway.class)::sendAndWait);
    }

    private static List<Figures> figures() {
        return inventory
                .bean(JdbcClient.class)
                .sql("select sku, name, price_minor, currency, on_hand, reserved from product order by sku")
                .query((row, index) -> new Figures(
                        row.getString("sku"),
                        row.getString("name"),
                        row.getLong("price_minor"),
                        row.getString("currency"),
                        row.getLong("on_hand"),
                        row.getLong("reserved")))
                .list();
    }

    private static List<Map<String, Object>> rows() {
        return inventory
                .bean(JdbcClient.class)
                .sql("select * from product order by sku")
                .query()
                .listOfRows();
    }
}
