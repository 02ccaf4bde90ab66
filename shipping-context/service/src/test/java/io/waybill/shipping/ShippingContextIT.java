package io.waybill.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;
import io.waybill.shipping.api.CancelShipment;
import io.waybill.shipping.api.CreateShipment;
import io.waybill.testing.Answer;
import io.waybill.testing.Answer.Problem;
import io.waybill.testing.ContextDoor;
import io.waybill.testing.TestTokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ShippingContextIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration A_WHILE = Duration.ofSeconds(1);

    private static RunningShipping service;

    private OrderId order;
    private ShipmentId shipment;

    @BeforeAll
    static void start() {
        service = new RunningShipping();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void draw() {
        order = OrderId.of("ord_" + UUID.randomUUID());
        shipment = ShipmentId.forOrder(order);
    }

    @Test
    void a_shipment_asked_for_by_queue_is_booked_dispatched_and_delivered() {
        service.sendByQueue(create("N1 9GU"));
        told("ShipmentRequested", "ShipmentCreated");
        becomes("CREATED");
        JsonNode shown = service.get("/api/shipments/" + shipment).body();
        assertThat(shown.get("orderId").asText()).isEqualTo(order.value());
        assertThat(shown.get("trackingCode").asText()).startsWith("SBX-");

        accepted("dispatch", "DISPATCHED");
        accepted("dispatch", "DISPATCHED");
        becomes("DISPATCHED");
        accepted("delivery", "DELIVERED");
        accepted("delivery", "DELIVERED");
        accepted("dispatch", "DELIVERED");

        told("ShipmentRequested", "ShipmentCreated", "ShipmentDispatched", "ShipmentDelivered");
        becomes("DELIVERED");
        assertThat(calls()).containsExactly("BOOK BOOKED effective");
    }

    @Test
    void a_shipment_is_shown_to_its_customer_and_to_operators() {
        service.sendByQueue(create("N1 9GU"));
        becomes("CREATED");
        String path = "/api/shipments/" + shipment;
        String owner = TestTokens.customer(ShippingFixtures.CUSTOMER.value());

        assertThat(service.getAs(List.of(owner), path).status()).isEqualTo(200);
        assertThat(service.getAs(List.of(TestTokens.operator()), path).status()).isEqualTo(200);
        assertThat(service.getAs(List.of(TestTokens.customer("cus_2")), path).problem())
                .isEqualTo(new Problem(404, "SHIPMENT_NOT_FOUND"));
        assertThat(service.getAs(List.of(), path).status()).isEqualTo(401);
        assertThat(service.getAs(List.of(owner, owner), path).status()).isEqualTo(401);
        assertThat(service.getAs(List.of(owner), "/api/admin/processors").status())
                .isEqualTo(403);
        assertThat(service.getAs(List.of(TestTokens.operator()), "/api/nowhere").status())
                .isEqualTo(403);

        assertThat(service.postAs(List.of(owner), path + "/dispatch").status()).isEqualTo(403);
        assertThat(service.postAs(List.of(), path + "/delivery").status()).isEqualTo(401);
    }

    @Test
    void the_carriers_books_are_read_part_by_part() {
        service.sendByQueue(create("N1 9GU"));
        becomes("CREATED");
        JsonNode all = service.books().get("items");
        JsonNode last = all.get(all.size() - 1);

        String before = "/sandbox/shipments?after=" + (last.get("id").asLong() - 1);
        assertThat(service.get(before).body().get("items")).containsExactly(last);
        assertThat(service.get("/sandbox/shipments?after=" + last.get("id"))
                        .body()
                        .get("items"))
                .isEmpty();
        assertThat(service.get("/sandbox/shipments?limit=1").body().get("items"))
                .containsExactly(all.get(0));
    }

    @Test
    void its_own_door_is_for_whom_the_documents_say() throws Exception {
        service.sendByQueue(create("N1 9GU"));
        becomes("CREATED");
        var door = new ContextDoor(
                "shipping",
                service.context(),
                TestTokens.customer(ShippingFixtures.CUSTOMER.value()),
                Map.of("id", shipment.value()),
                Map.of("id", "shp_" + UUID.randomUUID()));

        assertThat(door.mistakes()).isEmpty();
        var refusals = door.refusals();
        assertThat(refusals.mutations()).isGreaterThanOrEqualTo(60);
        assertThat(refusals.routes()).isGreaterThanOrEqualTo(10);
        assertThat(refusals.believed()).isEmpty();
        assertThat(refusals.shapes()).hasSize(1);
    }

    @Test
    void the_same_command_many_times_books_once_and_tells_once() {
        for (int i = 0; i < 20; i++) {
            service.sendByQueue(create("N1 9GU"));
        }

        becomes("CREATED");
        await().during(A_WHILE).untilAsserted(() -> assertThat(calls()).containsExactly("BOOK BOOKED effective"));
        told("ShipmentRequested", "ShipmentCreated");
    }

    @Test
    void a_parcel_that_the_carrier_refuses_fails_and_can_be_cancelled() {
        service.sendByQueue(create("00000"));
        becomes("FAILED");
        assertThat(service.get("/api/shipments/" + shipment).text("/reason")).isEqualTo("postal_code_not_served");
        conflicts("dispatch", "SHIPMENT_NOT_READY");

        service.sendByQueue(cancel());

        told("ShipmentRequested", "ShipmentFailed", "ShipmentCancelled");
        becomes("CANCELLED");
        assertThat(calls()).containsExactly("BOOK REFUSED");
    }

    @Test
    void a_created_shipment_is_cancelled_once_and_never_dispatched() {
        service.sendByQueue(create("N1 9GU"));
        becomes("CREATED");

        service.sendByQueue(cancel());
        service.sendByQueue(cancel());

        told("ShipmentRequested", "ShipmentCreated", "ShipmentCancelled");
        becomes("CANCELLED");
        conflicts("dispatch", "SHIPMENT_CANCELLED");
        assertThat(calls()).containsExactly("BOOK BOOKED effective", "CANCEL CANCELLED effective");
    }

    @Test
    void a_cancellation_before_the_shipment_keeps_it_from_ever_being_booked() {
        service.sendByQueue(cancel());
        told("ShipmentCancelled");

        service.sendByQueue(create("N1 9GU"));

        await().during(A_WHILE).untilAsserted(() -> assertThat(calls()).isEmpty());
        told("ShipmentCancelled");
        assertThat(service.status(shipment)).isEqualTo("CANCELLED");
    }

    @Test
    void a_cancellation_after_the_dispatch_is_refused_once() {
        service.sendByQueue(create("N1 9GU"));
        becomes("CREATED");
        accepted("dispatch", "DISPATCHED");

        service.sendByQueue(cancel());
        service.sendByQueue(cancel());

        told("ShipmentRequested", "ShipmentCreated", "ShipmentDispatched", "ShipmentCancellationRefused");
        accepted("delivery", "DELIVERED");
        assertThat(calls()).containsExactly("BOOK BOOKED effective");
    }

    @Test
    void of_a_dispatch_and_a_cancellation_at_the_same_moment_one_wins() {
        CommandGateway commands = service.bean(CommandGateway.class);
        List<OrderId> orders = Stream.generate(() -> OrderId.of("ord_" + UUID.randomUUID()))
                .limit(30)
                .toList();
        orders.forEach(it -> commands.sendAndWait(new CreateShipment(
                ShipmentId.forOrder(it), it, ShippingFixtures.CUSTOMER, ShippingFixtures.addressWith("N1 9GU"))));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(orders)
                        .allSatisfy(it -> assertThat(service.status(ShipmentId.forOrder(it)))
                                .isEqualTo("CREATED")));

        orders.parallelStream().forEach(it -> {
            ShipmentId id = ShipmentId.forOrder(it);
            Thread cancelling = Thread.ofVirtual().start(() -> commands.sendAndWait(new CancelShipment(id, it)));
            service.post("/api/shipments/" + id + "/dispatch");
            join(cancelling);
        });

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(orders)
                        .allSatisfy(it -> assertThat(service.told(ShipmentId.forOrder(it)))
                                .isIn(
                                        List.of(
                                                "ShipmentRequested",
                                                "ShipmentCreated",
                                                "ShipmentDispatched",
                                                "ShipmentCancellationRefused"),
                                        List.of("ShipmentRequested", "ShipmentCreated", "ShipmentCancelled"))));
    }

    @Test
    void what_was_not_dispatched_cannot_be_delivered() {
        service.sendByQueue(create("N1 9GU"));
        becomes("CREATED");

        conflicts("delivery", "SHIPMENT_NOT_DISPATCHED");
    }

    @Test
    void a_shipment_that_nobody_asked_for_is_not_found() {
        Problem notFound = new Problem(404, "SHIPMENT_NOT_FOUND");
        assertThat(service.get("/api/shipments/" + shipment).problem()).isEqualTo(notFound);
        assertThat(wish("dispatch").problem()).isEqualTo(notFound);
        assertThat(wish("delivery").problem()).isEqualTo(notFound);
        assertThat(service.get("/api/shipments/" + shipment).problem()).isEqualTo(notFound);
    }

    @Test
    void what_is_no_id_of_a_shipment_is_refused() {
        for (String id : List.of(order.value(), "shp_1", "%20")) {
            assertThat(service.get("/api/shipments/" + id).problem()).isEqualTo(new Problem(400, "INVALID_VALUE"));
        }
    }

    @Test
    void no_table_but_the_events_knows_the_address() {
        service.sendByQueue(create("N1 9GU"));
        becomes("CREATED");

        JdbcClient jdbc = service.bean(JdbcClient.class);
        for (String table : List.of("shipment", "sandbox_shipment_call", "task")) {
            assertThat(jdbc.sql("SELECT count(*) FROM " + table + " AS t WHERE t::text LIKE '%Engine Street%'")
                            .query(Long.class)
                            .single())
                    .isZero();
        }
    }

    private CreateShipment create(String postalCode) {
        return new CreateShipment(shipment, order, ShippingFixtures.CUSTOMER, ShippingFixtures.addressWith(postalCode));
    }

    private CancelShipment cancel() {
        return new CancelShipment(shipment, order);
    }

    private void becomes(String status) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(service.status(shipment)).isEqualTo(status));
    }

    private void told(String... events) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(service.told(shipment)).containsExactly(events));
    }

    private void accepted(String action, String status) {
        Answer answer = wish(action);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/shipmentId")).isEqualTo(shipment.value());
        assertThat(answer.text("/status")).isEqualTo(status);
    }

    private void conflicts(String action, String code) {
        assertThat(wish(action).problem()).isEqualTo(new Problem(409, code));
    }

    private Answer wish(String action) {
        return service.post("/api/shipments/" + shipment + "/" + action);
    }

    private List<String> calls() {
        return StreamSupport.stream(service.books(shipment).spliterator(), false)
                .map(ShippingContextIT::call)
                .toList();
    }

    private static String call(JsonNode call) {
        return call.get("kind").asText()
                + " "
                + call.get("result").asText()
                + (call.get("effective").asBoolean() ? " effective" : "");
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
