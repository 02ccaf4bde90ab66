package io.waybill.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;
import io.waybill.shipping.api.CancelShipment;
import io.waybill.shipping.api.CreateShipment;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The carrier is away while its books are locked: whoever calls it hears nothing. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CarrierOutageIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static RunningShipping service;

    @BeforeAll
    static void start() {
        service = new RunningShipping(
                "--waybill.shipping.carrier-timeout=500ms",
                "--waybill.shipping.carrier.failures=3",
                "--waybill.shipping.carrier.open-for=1s",
                "--waybill.shipping.carrier.concurrency=1");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void shipments_wait_and_each_is_booked_once_when_the_carrier_is_back() throws SQLException {
        List<OrderId> orders = Stream.generate(() -> OrderId.of("ord_" + UUID.randomUUID()))
                .limit(3)
                .toList();

        try (Connection silence = silentCarrier()) {
            orders.forEach(order -> service.sendByQueue(new CreateShipment(
                    ShipmentId.forOrder(order),
                    order,
                    ShippingFixtures.CUSTOMER,
                    ShippingFixtures.addressWith("N1 9GU"))));
            // One call at a time is allowed, and its place is free again only when its time is over.
            await().until(() -> gauge("bulkhead.available.concurrent.calls", "carrier-book") == 0);
            await().atMost(SOON).until(() -> isOpen("carrier-book"));
            assertThat(isOpen("carrier-cancel")).isFalse();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(orders).allSatisfy(order -> {
                        assertThat(service.told(ShipmentId.forOrder(order))).containsExactly("ShipmentRequested");
                        assertThat(service.status(ShipmentId.forOrder(order))).isEqualTo("REQUESTED");
                    }));
            silence.rollback();
        }

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(orders)
                        .allSatisfy(order -> assertThat(service.told(ShipmentId.forOrder(order)))
                                .containsExactly("ShipmentRequested", "ShipmentCreated")));
        assertThat(isOpen("carrier-book")).isFalse();
        assertThat(orders).allSatisfy(order -> assertThat(effectiveCalls(order)).containsExactly("BOOK"));
    }

    @Test
    void a_booking_is_taken_back_once_when_the_carrier_is_back() throws SQLException {
        OrderId order = OrderId.of("ord_" + UUID.randomUUID());
        ShipmentId shipment = ShipmentId.forOrder(order);
        service.sendByQueue(
                new CreateShipment(shipment, order, ShippingFixtures.CUSTOMER, ShippingFixtures.addressWith("N1 9GU")));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(service.told(shipment)).contains("ShipmentCreated"));

        try (Connection silence = silentCarrier()) {
            service.sendByQueue(new CancelShipment(shipment, order));
            await().atMost(SOON).until(() -> isOpen("carrier-cancel"));
            assertThat(service.told(shipment)).doesNotContain("ShipmentCancelled");
            silence.rollback();
        }

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(service.told(shipment))
                        .containsExactly("ShipmentRequested", "ShipmentCreated", "ShipmentCancelled"));
        assertThat(effectiveCalls(order)).containsExactly("BOOK", "CANCEL");
    }

    private static Connection silentCarrier() throws SQLException {
        Connection silence = service.bean(DataSource.class).getConnection();
        silence.setAutoCommit(false);
        try (var lock = silence.createStatement()) {
            // A stronger lock has a transaction id, and readers of the stream wait for all that are older.
            lock.execute("LOCK TABLE sandbox_shipment_call IN SHARE MODE");
        }
        return silence;
    }

    private static List<String> effectiveCalls(OrderId order) {
        return StreamSupport.stream(service.books(ShipmentId.forOrder(order)).spliterator(), false)
                .filter(call -> call.get("effective").asBoolean())
                .map((JsonNode call) -> call.get("kind").asText())
                .toList();
    }

    private static boolean isOpen(String breaker) {
        return gauge("circuitbreaker.state", breaker, "state", "open") == 1;
    }

    /** Nothing is measured before the first call. */
    private static double gauge(String name, String of, String... tags) {
        var found = service.bean(MeterRegistry.class)
                .find("resilience4j." + name)
                .tag("name", of)
                .tags(tags)
                .gauge();
        return found == null ? Double.NaN : found.value();
    }
}
