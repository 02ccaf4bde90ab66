package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static io.waybill.acceptance.Status.CONFIRMED;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills the whole process, again and again on the same data, with orders in flight. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("standalone")
@ResourceLock(RunningSystem.OF_ITS_OWN)
class KilledIT {

    private static final int ORDERS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Standalone waybill;

    @BeforeAll
    static void start() {
        // Nobody is silent here: who is slow to come back after a kill may take as long as it needs.
        waybill = Standalone.inFreshFolder("killed", List.of("waybill.fulfilment.patience=100"));
        Runtime.getRuntime().addShutdownHook(new Thread(waybill::close, "stop-killed"));
        waybill.start();
    }

    @AfterAll
    static void stop() {
        waybill.close();
    }

    @ParameterizedTest(name = "killed when {0} of 30 orders were accepted")
    @ValueSource(ints = {3, 16, 30})
    void whoever_was_promised_something_gets_it(int accepted) throws InterruptedException {
        Shop shop = Shop.at(waybill);
        Product product = shop.sells(ORDERS);
        List<Purchase> purchases = IntStream.range(0, ORDERS)
                .mapToObj(number -> purchase(number, product))
                .toList();

        Map<Purchase, String> promised = placeUntilKilled(shop, purchases, accepted);
        waybill.start();

        // Whoever got no answer sends the same request again; whoever got one finds the same order behind it.
        List<PlacedOrder> orders = shop.acceptsAtOnce(purchases);
        assertThat(orders)
                .hasSize(ORDERS)
                .doesNotHaveDuplicates()
                .allSatisfy(
                        order -> assertThat(order.id()).isEqualTo(promised.getOrDefault(order.purchase(), order.id())));
        orders.forEach(KilledIT::assertEndsRight);
        shop.audit();
        assertThat(new Operator(shop.gateway()).parked()).isEmpty();
    }

    /** The orders that were answered before the end. */
    private static Map<Purchase, String> placeUntilKilled(Shop shop, List<Purchase> purchases, int accepted)
            throws InterruptedException {
        var promised = new ConcurrentHashMap<Purchase, String>();
        var enough = new CountDownLatch(accepted);
        try (ExecutorService customers = Executors.newVirtualThreadPerTaskExecutor()) {
            purchases.forEach(purchase -> customers.execute(() -> {
                try {
                    Answer answer = shop.asks(purchase);
                    if (answer.isSuccess()) {
                        promised.put(purchase, answer.text("orderId"));
                        enough.countDown();
                    }
                } catch (UncheckedIOException e) {
                    // The system died before it answered; this customer was promised nothing.
                }
            }));
            assertThat(enough.await(PATIENCE.toSeconds(), SECONDS)).isTrue();
            waybill.kill();
        }
        return promised;
    }

    private static void assertEndsRight(PlacedOrder order) {
        switch (order.purchase().paymentMethod()) {
            case "pm_card_visa_chargeDeclined" -> {
                order.isRejectedBecauseOf("PAYMENT_DECLINED");
                assertIsTold(order, "payment_declined");
            }
            case "pm_card_visa", "pm_sandbox_slow", "pm_sandbox_unavailable" -> {
                if (order.purchase().postalCode().equals("00000")) {
                    order.isRejectedBecauseOf("SHIPMENT_REFUSED");
                    assertIsTold(order, "shipment_refused");
                } else {
                    order.becomes(CONFIRMED);
                    assertIsTold(order, "confirmed");
                }
            }
            default -> throw new IllegalStateException(order.toString());
        }
    }

    private static void assertIsTold(PlacedOrder order, String news) {
        within(PATIENCE, order.id() + " is told " + news)
                .until(() -> waybill.mails().orElseThrow().tell(order, news));
    }

    private static Purchase purchase(int number, Product product) {
        Purchase good = Purchase.of(product, 1);
        return switch (number % 6) {
            case 1 -> good.paidWith("pm_card_visa_chargeDeclined");
            case 2 -> good.sentNowhere();
            case 3 -> good.paidWith("pm_sandbox_slow");
            case 4 -> good.paidWith("pm_sandbox_unavailable");
            default -> good;
        };
    }
}
