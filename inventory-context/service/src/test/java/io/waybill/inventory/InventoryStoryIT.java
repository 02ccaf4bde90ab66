package io.waybill.inventory;

import static io.waybill.inventory.InventoryFixtures.MUG;
import static io.waybill.inventory.InventoryFixtures.STOVE;
import static io.waybill.inventory.InventoryFixtures.euros;
import static io.waybill.inventory.InventoryFixtures.line;
import static io.waybill.inventory.InventoryFixtures.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.inventory.api.FindProduct;
import io.waybill.inventory.api.ListProduct;
import io.waybill.inventory.api.ProductSummary;
import io.waybill.inventory.api.ReceiveStock;
import io.waybill.inventory.api.ReleaseStock;
import io.waybill.inventory.api.ReserveStock;
import io.waybill.inventory.api.Shortage;
import io.waybill.inventory.api.StockCommitted;
import io.waybill.inventory.api.StockLine;
import io.waybill.inventory.api.StockReleased;
import io.waybill.inventory.api.StockReservationFailed;
import io.waybill.inventory.api.StockReserved;
import io.waybill.kernel.Event;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.ShipmentId;
import io.waybill.kernel.Sku;
import io.waybill.messaging.WaybillJson;
import io.waybill.shipping.api.ShipmentDispatched;
import io.waybill.testing.Deployment;
import io.waybill.testing.EventLog;
import io.waybill.testing.Heard;
import io.waybill.testing.Neighbours;
import io.waybill.testing.RunningContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/**
 * The inventory among its neighbours: orders ask by the queue, parcels are heard of, all answers go to the exchange.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class InventoryStoryIT {

    private static final Set<String> PRODUCT_EVENTS = Set.of("ProductListed", "StockReceived");
    private static final List<Class<?>> ORDER_EVENTS =
            List.of(StockReserved.class, StockReservationFailed.class, StockReleased.class, StockCommitted.class);

    private static RunningContext inventory;
    private static Neighbours neighbours;
    private static EventLog told;

    private final List<Event> expected = new ArrayList<>();

    @BeforeAll
    static void openTheShop() {
        Deployment shop = Deployment.fresh("inventory");
        inventory = shop.start(InventoryApplication::start);
        neighbours = shop.neighbours(WaybillJson.mapper());
        told = neighbours.listenTo("inventory.*");
        CommandGateway commands = inventory.bean(CommandGateway.class);
        commands.sendAndWait(new ListProduct(MUG, "Enamel mug", euros("12.00")));
        commands.sendAndWait(new ListProduct(STOVE, "Gas stove", euros("45.50")));
        commands.sendAndWait(new ReceiveStock(MUG, Quantity.of(100)));
        commands.sendAndWait(new ReceiveStock(STOVE, Quantity.of(1)));
    }

    @AfterAll
    static void closeTheShop() {
        neighbours.close();
        inventory.close();
    }

    @Test
    void pieces_are_set_aside_run_out_are_given_back_and_leave() {
        OrderId bought = order(1);
        OrderId late = order(2);
        OrderId cancelled = order(3);
        List<StockLine> lines = List.of(line(MUG, 4), line(STOVE, 1));

        neighbours.ask("inventory", new ReserveStock(bought, lines));
        hears(new StockReserved(bought, lines));
        seesAvailable(MUG, 96);

        neighbours.ask("inventory", new ReserveStock(late, lines));
        hears(new StockReservationFailed(late, List.of(new Shortage(STOVE, Quantity.of(1), 0))));

        neighbours.ask("inventory", new ReserveStock(cancelled, List.of(line(MUG, 10))));
        hears(new StockReserved(cancelled, List.of(line(MUG, 10))));
        seesAvailable(MUG, 86);
        neighbours.ask("inventory", new ReleaseStock(cancelled));
        hears(new StockReleased(cancelled, List.of(line(MUG, 10))));
        seesAvailable(MUG, 96);

        ShipmentDispatched dispatched = new ShipmentDispatched(ShipmentId.forOrder(bought), bought);
        neighbours.tell("shipping", dispatched);
        neighbours.tell("shipping", dispatched);
        hears(new StockCommitted(bought, lines));
        seesAvailable(MUG, 96);
        seesAvailable(STOVE, 0);
    }

    /** What others hear about orders goes on with this event, and so far with nothing else. */
    private void hears(Event next) {
        expected.add(next);
        await().untilAsserted(() -> assertThat(toldAboutOrders()).isEqualTo(expected));
    }

    private static List<Object> toldAboutOrders() {
        return told.all().stream()
                .filter(heard -> !PRODUCT_EVENTS.contains(heard.name()))
                .<Object>map(heard -> neighbours.read(heard, payloadOf(heard)))
                .toList();
    }

    private static Class<?> payloadOf(Heard heard) {
        return ORDER_EVENTS.stream()
                .filter(type -> heard.type().equals("waybill.inventory." + type.getSimpleName() + ".v1"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(heard + " is not to be heard"));
    }

    private static void seesAvailable(Sku sku, long available) {
        await().untilAsserted(() -> assertThat(inventory
                        .bean(QueryGateway.class)
                        .query(new FindProduct(sku), ResponseTypes.optionalInstanceOf(ProductSummary.class))
                        .join()
                        .map(ProductSummary::available))
                .contains(available));
    }
}
