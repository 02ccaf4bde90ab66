package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static io.waybill.acceptance.Status.CONFIRMED;
import static io.waybill.acceptance.Status.RESERVED;
import static java.util.Collections.nCopies;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.acceptance.ChildJvm.Signal;
import io.waybill.testing.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Contexts that come late, go away and come back, and contexts of which there are two: one process for each, as patient
 * as in production. The stories share one system, and the first one needs it new.
 */
@TestMethodOrder(OrderAnnotation.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(RunningSystem.OF_ITS_OWN)
class DistributedIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** How long shipping stays away, beside the time that its start takes; {@code 10m} for the long form. */
    private static final Duration ABSENCE = absence();
    /** The contexts of which an instance freezes; all four for the long form, which starts two more processes. */
    private static final List<String> FREEZING =
            List.of(System.getProperty("waybill.freezing", "order,inventory").split(","));

    private static Distributed waybill;

    @BeforeAll
    static void start() {
        waybill = Distributed.open(
                "distributed",
                TestServers.freshNamespace("distributed"),
                ABSENCE.isZero() ? Waits.PATIENT : Waits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        waybill.close();
    }

    @Test
    @Order(1)
    void a_context_that_has_never_run_yet_misses_nothing() {
        waybill.run(1, "order", "payment", "inventory");
        Shop shop = Shop.at(waybill);
        List<PlacedOrder> orders = place(12, shop, shop.sells(12));
        orders.forEach(order -> order.becomes(RESERVED));

        waybill.run(1, "shipping");
        assertAllConfirmedOnce(shop, orders);
    }

    @Order(2)
    @ParameterizedTest(name = "{0} is down after a SIG{1}")
    @CsvSource({"payment, KILL", "inventory, TERM", "order, KILL"})
    void a_context_is_down_for_a_while_and_the_orders_finish_later(String context, Signal signal) {
        waybill.runAll();
        Shop shop = Shop.at(waybill);
        Product product = shop.sells(16);
        var orders = new ArrayList<>(place(12, shop, product));
        waybill.end(context, signal);
        if (!context.equals("order")) {
            orders.addAll(place(4, shop, product));
        }

        waybill.run(1, context);
        assertAllConfirmedOnce(shop, orders);
    }

    @Test
    @Order(3)
    @Timeout(value = 60, unit = MINUTES)
    void shipping_is_away_as_long_as_it_likes_and_no_order_is_rejected_for_it() {
        waybill.runAll();
        Shop shop = Shop.at(waybill);
        Product product = shop.sells(20);
        var orders = new ArrayList<>(place(10, shop, product));
        waybill.end("shipping", Signal.KILL);
        List<PlacedOrder> later = place(10, shop, product);
        later.forEach(order -> order.becomes(RESERVED));
        orders.addAll(later);

        within(ABSENCE.plus(PATIENCE), "the orders wait")
                .pollInterval(Duration.ofSeconds(1))
                .during(ABSENCE)
                .until(() -> later.stream().allMatch(order -> order.status() == RESERVED));
        waybill.run(1, "shipping");
        long back = System.nanoTime();
        assertAllConfirmedOnce(shop, orders);
        System.out.printf(
                "Shipping was away for %s; %d orders were CONFIRMED %d ms after it was back%n",
                ABSENCE, orders.size(), (System.nanoTime() - back) / 1_000_000);
    }

    @Test
    @Order(4)
    void while_inventory_is_down_products_are_shown_as_far_as_they_are_known_and_orders_are_accepted() {
        waybill.runAll();
        Shop shop = Shop.at(waybill);
        Http gateway = shop.gateway();
        Product resting = shop.sells(5);
        Product moving = shop.sells(20);
        within(PATIENCE, "both products are kept").until(() -> isHit(gateway, resting) && isHit(gateway, moving));
        var orders = new ArrayList<>(shop.acceptsAtOnce(List.of(purchase(moving))));
        orders.getFirst().becomes(CONFIRMED);

        waybill.end("inventory", Signal.KILL);
        // Who insists on a fresh answer gets the old one, which says so.
        Answer old = gateway.get(path(resting), "Cache-Control", "no-cache").orFail();
        assertThat(old.body().path("available").asInt()).isEqualTo(5);
        assertThat(old.header("Cache-Status")).contains("fwd=request").endsWith("detail=stale-if-error");
        assertThat(old.header("Age")).matches("\\d+");
        Answer unsure = within(PATIENCE, "the old stock level is not shown")
                .until(
                        () -> gateway.get(path(moving)).orFail(),
                        answer -> !answer.body().has("available"));
        assertThat(unsure.text("price/amount")).isEqualTo("12.50");
        assertThat(unsure.header("Cache-Control")).isEqualTo("no-store");
        assertThat(unsure.header("Cache-Status")).endsWith("detail=without-stock-level");
        Answer unknown = gateway.get("/api/products?limit=7");
        assertThat(unknown.status()).isEqualTo(503);
        assertThat(unknown.text("code")).isEqualTo("CONTEXT_UNAVAILABLE");
        assertThat(Integer.parseInt(unknown.header("Retry-After"))).isPositive();
        orders.addAll(place(4, shop, moving));
        assertThat(gateway.get("/api/admin/processors").orFail().body().path("unavailable"))
                .extracting(JsonNode::asText)
                .containsExactly("inventory");

        waybill.run(1, "inventory");
        assertAllConfirmedOnce(shop, orders);
        within(PATIENCE, "everything is fresh again").untilAsserted(() -> {
            Answer fresh =
                    gateway.get(path(moving), "Cache-Control", "no-cache").orFail();
            assertThat(fresh.header("Cache-Status")).contains("fwd-status=").doesNotContain("detail");
            assertThat(fresh.body().path("available").asInt()).isEqualTo(20 - orders.size());
            assertThat(gateway.get("/api/products?limit=7").status()).isEqualTo(200);
        });
    }

    private static boolean isHit(Http gateway, Product product) {
        return gateway.get(path(product)).header("Cache-Status").contains("hit");
    }

    private static String path(Product product) {
        return "/api/products/" + product.sku();
    }

    @Test
    @Order(5)
    void a_replay_of_every_read_model_while_two_instances_run_does_nothing_in_the_world() throws Exception {
        waybill.runAll();
        waybill.run(2, "order", "inventory");
        Shop shop = Shop.at(waybill);
        assertAllConfirmedOnce(shop, place(10, shop, shop.sells(10)));
        var operator = new Operator(shop.gateway());
        operator.awaitAllCaughtUp();
        World before = World.atRest(waybill);
        assertThat(before.mails()).isNotEmpty();

        try (WireTap tap = WireTap.on(waybill)) {
            operator.replayAll();
            assertThat(World.of(waybill)).isEqualTo(before);
            assertThat(tap.heard()).isEmpty();
            // It does hear what there is to hear.
            shop.accepts(Purchase.of(shop.sells(1), 1)).becomes(CONFIRMED);
            within(PATIENCE, "the wire tap hears of an order")
                    .until(() -> tap.heard().stream().anyMatch(key -> key.endsWith("payment.commands"))
                            && tap.heard().contains("order.order-placed"));
        }
    }

    @Test
    @Order(6)
    void of_two_instances_one_freezes_and_wakes_up_when_the_other_has_taken_over() throws Exception {
        waybill.runAll();
        waybill.run(2, FREEZING.toArray(String[]::new));
        Shop shop = Shop.at(waybill);
        Product product = shop.sells(36);
        var orders = new ArrayList<PlacedOrder>();

        try (var customers = Executors.newVirtualThreadPerTaskExecutor()) {
            var placing = customers.submit(() -> place(24, shop, product));
            within(PATIENCE, "some orders are accepted")
                    .until(() -> shop.orders().size() > 5);
            long frozen = System.nanoTime();
            List<Runnable> thaws = FREEZING.stream().map(waybill::freeze).toList();
            try {
                orders.addAll(placing.get());
                orders.addAll(place(6, shop, product));
                orders.forEach(order -> order.becomes(CONFIRMED));
                System.out.printf(
                        "30 orders were CONFIRMED %d ms after one of two instances of %s froze%n",
                        (System.nanoTime() - frozen) / 1_000_000, FREEZING);
            } finally {
                thaws.forEach(Runnable::run);
            }
        }
        orders.addAll(place(6, shop, product));
        assertAllConfirmedOnce(shop, orders);
        new Operator(shop.gateway()).awaitAllCaughtUp();
    }

    @Test
    @Order(7)
    void of_two_instances_one_is_killed_with_orders_in_flight_and_all_end_right() throws Exception {
        waybill.runAll();
        waybill.run(2, "order", "inventory");
        Shop shop = Shop.at(waybill);
        Product product = shop.sells(24);
        List<Purchase> purchases =
                Stream.generate(() -> purchase(product)).limit(24).toList();
        // Each of them is sent four times at once.
        List<Purchase> repeated =
                purchases.stream().flatMap(each -> nCopies(4, each).stream()).toList();

        try (var customers = Executors.newVirtualThreadPerTaskExecutor()) {
            var placing = customers.submit(() -> shop.acceptsAtOnce(repeated));
            within(PATIENCE, "some orders are accepted")
                    .until(() -> shop.orders().size() > 5);
            waybill.end("inventory", Signal.KILL);
            waybill.end("order", Signal.KILL);
            List<PlacedOrder> orders = placing.get().stream().distinct().toList();
            assertThat(orders)
                    .extracting(PlacedOrder::purchase)
                    .hasSameElementsAs(purchases)
                    .doesNotHaveDuplicates();
            assertAllConfirmedOnce(shop, orders);
        }
        assertThat(shop.orders()).hasSize(24);
    }

    /** Some of them are still with the payment partner when the others have long been paid. */
    private static List<PlacedOrder> place(int count, Shop shop, Product product) {
        return shop.acceptsAtOnce(IntStream.range(0, count)
                .mapToObj(number -> number % 4 == 0 ? purchase(product).paidWith("pm_sandbox_slow") : purchase(product))
                .toList());
    }

    private static Purchase purchase(Product product) {
        return Purchase.of(product, 1);
    }

    /** Nothing was charged, reserved or shipped twice, neither in our own history nor in the partners' books. */
    private static void assertAllConfirmedOnce(Shop shop, List<PlacedOrder> orders) {
        orders.forEach(order -> order.becomes(CONFIRMED));
        assertThat(orders)
                .doesNotHaveDuplicates()
                .allSatisfy(order -> assertThat(order.history())
                        .containsOnlyOnce("PaymentCompleted", "StockReserved", "ShipmentCreated", "OrderConfirmed")
                        .doesNotHaveDuplicates());
        shop.audit();
        assertThat(new Operator(shop.gateway()).parked()).isEmpty();
    }

    /** Minutes such as {@code 10m}, or nothing. */
    private static Duration absence() {
        return Duration.parse("PT" + System.getProperty("waybill.absence", "0s").toUpperCase(Locale.ROOT));
    }
}
