package io.waybill.order;

import static io.waybill.order.OrderFixtures.CARD;
import static io.waybill.order.OrderFixtures.CUSTOMER;
import static io.waybill.order.OrderFixtures.MUG;
import static io.waybill.order.OrderFixtures.STOVE;
import static io.waybill.order.OrderFixtures.euros;
import static io.waybill.order.OrderFixtures.home;
import static io.waybill.order.OrderFixtures.wish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.inventory.api.ProductListed;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.Rejection;
import io.waybill.order.Partners.Asked;
import io.waybill.order.Partners.Books;
import io.waybill.order.api.PlaceOrder;
import io.waybill.order.api.RequestCancellation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Orders by the hundred, or by the thousand, on a real database and broker, with partners who keep books. Their answers
 * race the deadlines, customers' cancellations race every step and the dispatch.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RacesIT {

    /** How many orders race. */
    private static final int RACES = Integer.getInteger("waybill.races", 400);

    /** How many orders wait when the context is started again. */
    private static final int WAITING = Integer.getInteger("waybill.waiting-orders", 300);

    /** So many at once keep alarms near their time. */
    private static final int AT_ONCE = 200;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ENDED = "status in ('DISPATCHED', 'REJECTED', 'CANCELLED')";

    @TempDir
    private Path data;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @SuppressWarnings("NullAway.Init") // Each test opens its own.
    private RunningOrders shop;

    @SuppressWarnings("NullAway.Init")
    private Partners partners;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private void open(RunningOrders opened) {
        shop = opened;
        open.push(() -> shop.close());
        shop.hears("inventory", new ProductListed(MUG, "Enamel mug", euros("12.50")));
        shop.hears("inventory", new ProductListed(STOVE, "Gas stove", euros("49.00")));
        await().atMost(PATIENCE).until(() -> count("select count(*) from price_list") == 2);
    }

    @Test
    void an_order_ends_once_and_is_either_shipped_and_paid_or_undone_whatever_overtakes_what() throws Exception {
        // A silent step is given up after 1.2 s, and a little later under load.
        open(RunningOrders.start(
                data,
                "--waybill.fulfilment.first-wait=600ms",
                "--waybill.fulfilment.max-wait=600ms",
                "--waybill.fulfilment.patience=1"));
        try (Customers customers = new Customers(shop.bean(CommandGateway.class))) {
            partners = Partners.open(shop.neighbours(), new Hurried(customers));
            open.push(() -> partners.close());
            List<OrderId> orders = new ArrayList<>();
            while (orders.size() < RACES) {
                List<OrderId> some = customers.place(Math.min(AT_ONCE, RACES - orders.size()));
                some.forEach(order -> {
                    if (chance(50)) {
                        customers.cancel(order, random(0, 1_000));
                    }
                });
                orders.addAll(some);
                awaitSettled(orders.size(), customers);
                some.forEach(order -> partners.dispatch(order, 0));
                awaitEnded(orders);
            }

            System.out.println(orders.size() + " orders raced: " + outcomes());
            assertThat(customers.failures).isEmpty();
            assertThat(outcomes()).containsKeys("DISPATCHED", "CANCELLED", "REJECTED TIMED_OUT");
            assertThat(orders).anyMatch(order -> partners.of(order).wasCancellationRefused());
        }
    }

    /** Nobody changes their mind any more, and nothing is under way. */
    private void awaitSettled(int orders, Customers customers) {
        await().atMost(PATIENCE).until(() -> customers.undecided.get() == 0);
        await().atMost(PATIENCE)
                .until(() ->
                        count("select count(*) from order_summary where status = 'CONFIRMED' or " + ENDED) == orders);
    }

    private void awaitEnded(List<OrderId> orders) {
        await().atMost(PATIENCE)
                .until(() -> count("select count(*) from order_summary where " + ENDED) == orders.size()
                        && count("select count(*) from saga") == 0);
        Map<String, String> statuses = statuses();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(orders)
                        .allSatisfy(
                                order -> isRight(statuses.getOrDefault(order.value(), "unknown"), partners.of(order))));
        assertThat(count("""
            select count(*) from (
                select subject from event_stream
                 where type in ('waybill.order.OrderDispatched', 'waybill.order.OrderRejected',
                                'waybill.order.OrderCancelled')
                 group by subject having count(*) > 1) twice\
            """)).isZero();
        assertThat(count("select count(*) from deadline")).isZero();
        assertNothingParked();
    }

    private static void isRight(String status, Books books) {
        if (status.equals("DISPATCHED")) {
            assertThat(books)
                    .matches(found -> found.charges() == 1 && found.refunds() == 0, "paid")
                    .matches(Books::isReserved, "has its stock")
                    .matches(Books::isDispatched, "has left");
        } else {
            assertThat(books)
                    .matches(
                            found -> found.charges() <= 1 && found.charges() == found.refunds(),
                            "not paid, or refunded")
                    .matches(found -> !found.isReserved(), "has no stock")
                    .matches(found -> !found.isBooked(), "has no parcel");
        }
    }

    /** Partners whose answers come at once or about when they are no longer awaited. */
    private final class Hurried implements Partners.Behaviour {

        private final Customers customers;

        Hurried(Customers customers) {
            this.customers = customers;
        }

        @Override
        public boolean hears(OrderId order, Asked asked) {
            return true;
        }

        @Override
        public long delay(OrderId order, Asked asked) {
            return chance(70) ? random(0, 30) : random(400, 1_800);
        }

        @Override
        public boolean refuses(OrderId order, Asked asked) {
            return chance(7);
        }

        @Override
        public long delayBack(OrderId order) {
            return random(0, 60);
        }

        @Override
        public boolean wasCharged(OrderId order) {
            return chance(50);
        }

        @Override
        public boolean breaksPromise(OrderId order) {
            return chance(10);
        }

        @Override
        public void booked(OrderId order) {
            if (chance(60)) {
                partners.dispatch(order, random(0, 80));
                if (chance(50)) {
                    customers.cancel(order, random(0, 120));
                }
            }
        }
    }

    @Test
    void all_orders_that_wait_move_on_when_the_context_is_started_again() throws Exception {
        open(RunningOrders.start(data));
        Map<OrderId, Asked> waits = new ConcurrentHashMap<>();
        partners = Partners.open(shop.neighbours(), new Prompt(waits));
        open.push(() -> partners.close());
        long begin = System.nanoTime();
        try (Customers customers = new Customers(shop.bean(CommandGateway.class))) {
            Iterator<Asked> turns = Stream.generate(() -> Stream.of(Asked.values()))
                    .flatMap(each -> each)
                    .iterator();
            customers.place(WAITING, order -> {
                synchronized (turns) {
                    waits.put(order, turns.next());
                }
            });
        }
        for (String status : List.of("PLACED", "PAID", "RESERVED")) {
            await(status)
                    .atMost(PATIENCE)
                    .until(() ->
                            count("select count(*) from order_summary where status = '" + status + "'") == WAITING / 3);
        }
        await().atMost(PATIENCE).until(() -> count("select count(*) from saga") == WAITING);
        long placed = System.nanoTime();

        partners.close();
        shop.close();
        shop = shop.another();
        long started = System.nanoTime();
        partners = partners.again(shop.neighbours(), new Prompt(Map.of()));

        await().atMost(PATIENCE.multipliedBy(2))
                .until(() -> count("select count(*) from order_summary where status = 'CONFIRMED'") == WAITING);
        System.out.printf(
                "%d orders were waiting after %d ms; after a restart of %d ms all were confirmed within %d ms%n",
                WAITING, millis(begin, placed), millis(placed, started), millis(started, System.nanoTime()));
        assertThat(count("select count(*) from event_stream where type = 'waybill.order.OrderConfirmed'"))
                .isEqualTo(WAITING);
        assertThat(waits.keySet())
                .allSatisfy(order -> assertThat(partners.of(order))
                        .matches(books -> books.charges() == 1 && books.refunds() == 0, "paid once")
                        .matches(Books::isReserved, "has its stock")
                        .matches(Books::isBooked, "has a parcel"));
        await().untilAsserted(
                        () -> assertThat(count("select count(*) from deadline")).isZero());
        assertNothingParked();
    }

    /** Partners who answer at once, but are deaf from some step of an order on. */
    private record Prompt(Map<OrderId, Asked> deafFrom) implements Partners.Behaviour {

        @Override
        public boolean hears(OrderId order, Asked asked) {
            Asked from = deafFrom.get(order);
            return from == null || asked.compareTo(from) < 0;
        }

        @Override
        public long delay(OrderId order, Asked asked) {
            return 0;
        }

        @Override
        public boolean refuses(OrderId order, Asked asked) {
            return false;
        }

        @Override
        public long delayBack(OrderId order) {
            return 0;
        }

        @Override
        public boolean wasCharged(OrderId order) {
            return false;
        }

        @Override
        public boolean breaksPromise(OrderId order) {
            return false;
        }

        @Override
        public void booked(OrderId order) {
            // It waits for its dispatch.
        }
    }

    /** They buy, and some change their minds. */
    private static final class Customers implements AutoCloseable {

        private final CommandGateway commands;
        private final ExecutorService buyers = Executors.newFixedThreadPool(4);
        private final ScheduledExecutorService doubters = Executors.newScheduledThreadPool(4);
        private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final AtomicInteger undecided = new AtomicInteger();

        Customers(CommandGateway commands) {
            this.commands = commands;
        }

        List<OrderId> place(int count) throws Exception {
            return place(count, order -> {});
        }

        /** @param before what happens with each order's id before it is placed */
        List<OrderId> place(int count, Consumer<OrderId> before) throws Exception {
            List<Future<OrderId>> placing = IntStream.range(0, count)
                    .mapToObj(nr -> buyers.submit(() -> {
                        OrderId order = OrderId.timeOrdered(Instant.now(), ThreadLocalRandom.current());
                        before.accept(order);
                        commands.sendAndWait(
                                new PlaceOrder(order, CUSTOMER, List.of(wish(MUG, 2), wish(STOVE, 1)), home(), CARD));
                        return order;
                    }))
                    .toList();
            List<OrderId> placed = new ArrayList<>();
            for (Future<OrderId> one : placing) {
                placed.add(one.get(1, TimeUnit.MINUTES));
            }
            return placed;
        }

        void cancel(OrderId order, long in) {
            undecided.incrementAndGet();
            var unused = doubters.schedule(
                    () -> {
                        try {
                            commands.sendAndWait(new RequestCancellation(order, "changed my mind"));
                        } catch (RuntimeException e) {
                            if (!isTooLate(e)) {
                                failures.add(e);
                            }
                        } finally {
                            undecided.decrementAndGet();
                        }
                    },
                    in,
                    TimeUnit.MILLISECONDS);
        }

        private static boolean isTooLate(RuntimeException failure) {
            return failure instanceof Rejection rejection
                    && (rejection.code() == OrderRejection.ORDER_ALREADY_DISPATCHED
                            || rejection.code() == OrderRejection.ORDER_NOT_CANCELLABLE);
        }

        @Override
        public void close() {
            buyers.shutdownNow();
            doubters.shutdownNow();
        }
    }

    private static boolean chance(int percent) {
        return ThreadLocalRandom.current().nextInt(100) < percent;
    }

    private static long random(int from, int to) {
        return ThreadLocalRandom.current().nextLong(from, to);
    }

    private static long millis(long from, long to) {
        return (to - from) / 1_000_000;
    }

    private Map<String, String> statuses() {
        return jdbc()
                .sql("select order_id, status from order_summary")
                .query((row, nr) -> Map.entry(row.getString(1), row.getString(2)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Map<String, Long> outcomes() {
        Map<String, Long> outcomes = new TreeMap<>();
        jdbc().sql("select trim(status || ' ' || coalesce(reason, '')) as outcome, count(*) as orders"
                        + " from order_summary group by 1")
                .query(row -> {
                    outcomes.put(row.getString("outcome"), row.getLong("orders"));
                });
        return outcomes;
    }

    private void assertNothingParked() {
        assertThat(count("select count(*) from parked_event")).isZero();
        assertThat(count("select count(*) from parked_message")).isZero();
    }

    private long count(String sql) {
        return jdbc().sql(sql).query(Long.class).single();
    }

    private JdbcClient jdbc() {
        return shop.bean(JdbcClient.class);
    }
}
