package io.waybill.inventory.stock;

import static io.waybill.inventory.InventoryFixtures.euros;
import static io.waybill.inventory.InventoryFixtures.line;
import static io.waybill.inventory.InventoryFixtures.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.inventory.InventoryApplication;
import io.waybill.inventory.api.ListProduct;
import io.waybill.inventory.api.ReceiveStock;
import io.waybill.inventory.api.ReleaseStock;
import io.waybill.inventory.api.ReserveStock;
import io.waybill.inventory.api.StockCommitted;
import io.waybill.inventory.api.StockLine;
import io.waybill.inventory.api.StockReleased;
import io.waybill.inventory.api.StockReservationFailed;
import io.waybill.inventory.api.StockReserved;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.ShipmentId;
import io.waybill.kernel.Sku;
import io.waybill.messaging.Commands;
import io.waybill.shipping.api.ShipmentDispatched;
import io.waybill.testing.Deployment;
import io.waybill.testing.RunningContext;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ParallelReservationsIT {

    private static final List<Sku> SKUS =
            Stream.of("A", "B", "C", "D", "E").map(Sku::of).toList();
    private static final int RECEIVED = 1000;
    private static final int BUYERS = 8;
    private static final int ORDERS_EACH = 200;

    private static RunningContext inventory;

    private final Queue<OrderId> dispatched = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void openTheShop() {
        inventory = Deployment.fresh("inventory").start(InventoryApplication::start);
        CommandGateway commands = inventory.bean(CommandGateway.class);
        for (Sku sku : SKUS) {
            commands.sendAndWait(new ListProduct(sku, "Product " + sku, euros("1.00")));
            commands.sendAndWait(new ReceiveStock(sku, Quantity.of(RECEIVED)));
        }
    }

    @AfterAll
    static void closeTheShop() {
        inventory.close();
    }

    @Test
    void no_piece_is_promised_twice_however_many_reserve_release_and_commit_at_once() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(BUYERS + 1)) {
            List<Future<?>> buyers = IntStream.range(0, BUYERS)
                    .<Future<?>>mapToObj(buyer -> threads.submit(() -> buy(buyer)))
                    .toList();
            Future<?> warehouse = threads.submit(() -> sendParcels(buyers));
            for (Future<?> buyer : buyers) {
                buyer.get();
            }
            warehouse.get();
        }

        List<Object> events = eventsOfAllOrders();
        for (Sku sku : SKUS) {
            long reserved = pieces(sku, events, StockReserved.class);
            long released = pieces(sku, events, StockReleased.class);
            long shipped = pieces(sku, events, StockCommitted.class);
            Level level = level(sku);
            assertThat(level.onHand()).isEqualTo(RECEIVED - shipped);
            assertThat(level.reserved()).isEqualTo(reserved - released - shipped);
            assertThat(level.reserved()).isBetween(0L, level.onHand());
        }
        assertThat(events).hasAtLeastOneElementOfType(StockReservationFailed.class);
        assertThat(events.stream().filter(ParallelReservationsIT::isAnswer)).hasSize(BUYERS * ORDERS_EACH);
        assertThat(deadlocks()).isZero();
    }

    private record Level(long onHand, long reserved) {}

    private void buy(int buyer) {
        CommandGateway commands = inventory.bean(CommandGateway.class);
        Random random = new Random(buyer);
        for (int i = 0; i < ORDERS_EACH; i++) {
            OrderId order = order(buyer * ORDERS_EACH + i);
            ReserveStock reserve = new ReserveStock(order, someLines(random));
            commands.sendAndWait(reserve);
            switch (i % 4) {
                case 0 -> commands.sendAndWait(new ReleaseStock(order));
                case 1 -> commands.sendAndWait(reserve);
                case 2 -> dispatchIfReserved(order);
                default -> {}
            }
        }
    }

    private static List<StockLine> someLines(Random random) {
        return IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(line -> line(SKUS.get(random.nextInt(SKUS.size())), 1 + random.nextInt(3)))
                .toList();
    }

    private void dispatchIfReserved(OrderId order) {
        if (events(order).anyMatch(StockReserved.class::isInstance)) {
            dispatched.add(order);
        }
    }

    /** As a processor does: many events in one transaction. */
    private void sendParcels(Collection<Future<?>> buyers) {
        boolean sold;
        do {
            sold = buyers.stream().allMatch(Future::isDone);
            List<OrderId> parcels = Stream.generate(dispatched::poll)
                    .limit(20)
                    .takeWhile(Objects::nonNull)
                    .toList();
            send(parcels);
        } while (!sold || !dispatched.isEmpty());
    }

    private static void send(List<OrderId> parcels) {
        DefaultUnitOfWork<Message<?>> batch = DefaultUnitOfWork.startAndGet(new GenericMessage<>("parcels"));
        batch.attachTransaction(inventory.bean(TransactionManager.class));
        var policy = inventory.bean(WhenShipmentDispatchedThenCommitStock.class);
        batch.execute(() -> parcels.forEach(order ->
                policy.on(new ShipmentDispatched(ShipmentId.forOrder(order), order), inventory.bean(Commands.class))));
    }

    private static List<Object> eventsOfAllOrders() {
        return IntStream.range(0, BUYERS * ORDERS_EACH)
                .boxed()
                .flatMap(number -> events(order(number)))
                .toList();
    }

    private static Stream<Object> events(OrderId order) {
        return inventory
                .bean(EventStore.class)
                .readEvents(order.value())
                .asStream()
                .map(Message::getPayload);
    }

    private static boolean isAnswer(Object event) {
        return event instanceof StockReserved || event instanceof StockReservationFailed;
    }

    private static long pieces(Sku sku, List<Object> events, Class<?> type) {
        return events.stream()
                .filter(type::isInstance)
                .flatMap(event -> lines(event).stream())
                .filter(line -> line.sku().equals(sku))
                .mapToLong(line -> line.quantity().value())
                .sum();
    }

    private static List<StockLine> lines(Object event) {
        return switch (event) {
            case StockReserved reserved -> reserved.lines();
            case StockReleased released -> released.lines();
            case StockCommitted committed -> committed.lines();
            default -> List.of();
        };
    }

    private static Level level(Sku sku) {
        return inventory
                .bean(JdbcClient.class)
                .sql("select on_hand, reserved from stock_level where sku = :sku")
                .param("sku", sku.value())
                .query((row, index) -> new Level(row.getLong("on_hand"), row.getLong("reserved")))
                .single();
    }

    private static long deadlocks() {
        return inventory
                .bean(JdbcClient.class)
                .sql("select deadlocks from pg_stat_database where datname = current_database()")
                .query(Long.class)
                .single();
    }
}
