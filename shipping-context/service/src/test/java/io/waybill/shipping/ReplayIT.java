package io.waybill.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;
import io.waybill.shipping.api.CancelShipment;
import io.waybill.shipping.api.CreateShipment;
import io.waybill.testing.Deeds;
import io.waybill.testing.RunningContext;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two instances; whatever is replayed at either, the carrier and the neighbours hear nothing of it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReplayIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    private static RunningShipping service;
    private static RunningContext other;

    @BeforeAll
    static void live() {
        service = new RunningShipping();
        other = service.oneMore();
        OrderId delivered = order();
        ship(delivered, "N1 9GU", "CREATED");
        act(delivered, "dispatch", "DISPATCHED");
        act(delivered, "delivery", "DELIVERED");
        ship(order(), "00000", "FAILED");
        OrderId cancelled = order();
        ship(cancelled, "N1 9GU", "CREATED");
        service.sendByQueue(new CancelShipment(ShipmentId.forOrder(cancelled), cancelled));
        becomes(cancelled, "CANCELLED");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(service.deeds().told()).hasSize(9);
            assertThat(service.deeds().tasks()).isEmpty();
        });
    }

    @AfterAll
    static void stop() {
        other.close();
        service.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "0:0", "2026-01-01T00:00:00Z"})
    void the_read_model_is_what_it_was_and_nothing_is_booked_or_told_again(String from) {
        List<String> live = shipments();
        Deeds before = service.deeds();

        service.bean(JdbcClient.class)
                .sql("UPDATE shipment SET status = 'REQUESTED'")
                .update();
        assertThat(other.replay("shipping.tracking", from).status()).isEqualTo(202);

        await().atMost(SOON).untilAsserted(() -> assertThat(shipments()).isEqualTo(live));
        await().during(A_WHILE)
                .atMost(SOON)
                .untilAsserted(() -> assertThat(service.deeds()).isEqualTo(before));
    }

    @Test
    void nothing_else_can_be_replayed() {
        Deeds before = service.deeds();
        assertThat(other.processors())
                .contains("shipping.tracking")
                .filteredOn(processor -> !processor.equals("shipping.tracking"))
                .isNotEmpty()
                .allSatisfy(processor ->
                        assertThat(other.replay(processor, "start").status()).isEqualTo(409));
        await().during(A_WHILE)
                .atMost(SOON)
                .untilAsserted(() -> assertThat(service.deeds()).isEqualTo(before));
    }

    private static OrderId order() {
        return OrderId.of("ord_" + UUID.randomUUID());
    }

    private static void ship(OrderId order, String postalCode, String status) {
        service.sendByQueue(new CreateShipment(
                ShipmentId.forOrder(order),
                order,
                ShippingFixtures.CUSTOMER,
                ShippingFixtures.addressWith(postalCode)));
        becomes(order, status);
    }

    private static void act(OrderId order, String action, String status) {
        assertThat(service.post("/api/shipments/" + ShipmentId.forOrder(order) + "/" + action)
                        .status())
                .isEqualTo(202);
        becomes(order, status);
    }

    private static void becomes(OrderId order, String status) {
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(service.status(ShipmentId.forOrder(order))).isEqualTo(status));
    }

    private static List<String> shipments() {
        return service.rows("SELECT * FROM shipment ORDER BY shipment_id");
    }
}
