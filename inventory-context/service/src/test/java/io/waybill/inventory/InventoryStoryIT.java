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
import io.waybill.kernel.Command;
import io.waybill.kernel.Event;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.ShipmentId;
import io.waybill.kernel.Sku;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.transport.Topology;
import io.waybill.shipping.api.ShipmentDispatched;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Binding.DestinationType;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/**
 * The inventory among its neighbours: orders ask by the queue, parcels are heard of, all answers go to the exchange.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class InventoryStoryIT {

    private static RunningInventory inventory;
    private static RabbitTemplate broker;
    private static Topology names;
    private static String ears;

    @BeforeAll
    static void openTheShop() {
        inventory = RunningInventory.start();
        ConnectionFactory connections = inventory.bean(ConnectionFactory.class);
        broker = new RabbitTemplate(connections);
        AmqpAdmin admin = new RabbitAdmin(connections);
        names = inventory.bean(Topology.class);
        ears = names.namespace() + "ears";
        admin.declareQueue(new Queue(ears, false, true, false));
        admin.declareBinding(new Binding(ears, DestinationType.QUEUE, names.eventExchange(), "inventory.*", null));
        CommandGateway commands = inventory.bean(CommandGateway.class);
        commands.sendAndWait(new ListProduct(MUG, "Enamel mug", euros("12.00")));
        commands.sendAndWait(new ListProduct(STOVE, "Gas stove", euros("45.50")));
        commands.sendAndWait(new ReceiveStock(MUG, Quantity.of(100)));
        commands.sendAndWait(new ReceiveStock(STOVE, Quantity.of(1)));
    }

    @AfterAll
    static void closeTheShop() {
        inventory.close();
    }

    @Test
    void pieces_are_set_aside_run_out_are_given_back_and_leave() {
        OrderId bought = order(1);
        OrderId late = order(2);
        OrderId cancelled = order(3);
        List<StockLine> lines = List.of(line(MUG, 4), line(STOVE, 1));

        ask(new ReserveStock(bought, lines));
        hears(new StockReserved(bought, lines));
        seesAvailable(MUG, 96);

        ask(new ReserveStock(late, lines));
        hears(new StockReservationFailed(late, List.of(new Shortage(STOVE, Quantity.of(1), 0))));

        ask(new ReserveStock(cancelled, List.of(line(MUG, 10))));
        hears(new StockReserved(cancelled, List.of(line(MUG, 10))));
        seesAvailable(MUG, 86);
        ask(new ReleaseStock(cancelled));
        hears(new StockReleased(cancelled, List.of(line(MUG, 10))));
        seesAvailable(MUG, 96);

        ShipmentDispatched dispatched = new ShipmentDispatched(ShipmentId.forOrder(bought), bought);
        tell("shipping", dispatched);
        tell("shipping", dispatched);
        hears(new StockCommitted(bought, lines));
        seesAvailable(MUG, 96);
        seesAvailable(STOVE, 0);
    }

    private static <C extends Record & Command> void ask(C command) {
        broker.send(
                names.commandExchange(),
                names.commandQueue("inventory"),
                message("order", "inventory", command, command.target(), command.partitionKey()));
    }

    private static <E extends Record & Event> void tell(String context, E event) {
        broker.send(
                names.eventExchange(),
                "shipping.shipment-dispatched",
                message(context, context, event, event.subject(), event.partitionKey()));
    }

    private static Message message(String source, String owner, Record payload, String subject, String partitionKey) {
        String type = "waybill." + owner + "." + payload.getClass().getSimpleName() + ".v1";
        return MessageBuilder.withBody(json(payload))
                .setContentType("application/json")
                .setHeader("cloudEvents:specversion", "1.0")
                .setHeader("cloudEvents:id", UUID.randomUUID().toString())
                .setHeader("cloudEvents:source", "/waybill/" + source)
                .setHeader("cloudEvents:type", type)
                .setHeader("cloudEvents:subject", subject)
                .setHeader("cloudEvents:time", "2026-11-22T12:00:00Z")
                .setHeader("cloudEvents:partitionkey", partitionKey)
                .build();
    }

    /** The next event about an order that others can hear of is this one. */
    private static void hears(Event expected) {
        Message heard = nextMessage();
        while (type(heard).matches(".*(ProductListed|StockReceived).*")) {
            heard = nextMessage();
        }
        assertThat(type(heard))
                .isEqualTo("waybill.inventory." + expected.getClass().getSimpleName() + ".v1");
        assertThat(read(heard, expected.getClass())).isEqualTo(expected);
    }

    private static Message nextMessage() {
        Message message = broker.receive(ears, Duration.ofSeconds(10).toMillis());
        if (message == null) {
            throw new AssertionError("nothing is to be heard");
        }
        return message;
    }

    private static String type(Message message) {
        return message.getMessageProperties().getHeader("cloudEvents:type");
    }

    private static void seesAvailable(Sku sku, long available) {
        await().untilAsserted(() -> assertThat(inventory
                        .bean(QueryGateway.class)
                        .query(new FindProduct(sku), ResponseTypes.optionalInstanceOf(ProductSummary.class))
                        .join()
                        .map(ProductSummary::available))
                .contains(available));
    }

    private static byte[] json(Record payload) {
        try {
            return WaybillJson.mapper().writeValueAsBytes(payload);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object read(Message message, Class<?> type) {
        try {
            return WaybillJson.mapper().readValue(message.getBody(), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
