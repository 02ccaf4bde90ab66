package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static io.waybill.acceptance.Status.CANCELLED;
import static io.waybill.acceptance.Status.CONFIRMED;
import static io.waybill.acceptance.Status.DISPATCHED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.waybill.testing.TestServers;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What cannot be read or done, on every queue and in the streams: parked, counted, and up to an operator. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(RunningSystem.OF_ITS_OWN)
class ParkingIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Every queue, with a type that is expected there. */
    private static final Map<String, String> QUEUES = Map.of(
            "order.commands", "waybill.order.RecordDispatch",
            "payment.commands", "waybill.payment.RefundPayment",
            "inventory.commands", "waybill.inventory.ReleaseStock",
            "shipping.commands", "waybill.shipping.CancelShipment",
            "order.inbox", "waybill.payment.PaymentCompleted",
            "inventory.inbox", "waybill.shipping.ShipmentDispatched");

    private static Distributed waybill;
    private static Shop shop;
    private static Operator operator;

    @BeforeAll
    static void start() {
        waybill = Distributed.open("poison", TestServers.freshNamespace("poison"), Waits.PATIENT);
        waybill.measure();
        waybill.runAll();
        shop = Shop.at(waybill);
        operator = new Operator(shop.gateway());
    }

    @AfterAll
    static void stop() {
        waybill.close();
    }

    @Test
    void on_every_queue_it_is_parked_and_counted_and_the_orders_beside_it_go_on() throws Exception {
        try (Connection connection = WireTap.connect();
                Channel channel = connection.createChannel()) {
            for (var queue : QUEUES.entrySet()) {
                send(channel, queue.getKey(), "hello", Map.of());
                send(channel, queue.getKey(), "{}", headers(queue.getValue() + ".v99"));
                send(channel, queue.getKey(), "{}", headers("waybill.order.Unheard.v1"));
                send(channel, queue.getKey(), "{\"orderId\":", headers(queue.getValue() + ".v1"));
            }
        }
        Product product = shop.sells(4);
        shop.acceptsAtOnce(
                        Stream.generate(() -> Purchase.of(product, 1)).limit(4).toList())
                .forEach(order -> order.becomes(CONFIRMED));

        for (String queue : QUEUES.keySet()) {
            within(PATIENCE, "all is parked that came on " + queue)
                    .untilAsserted(() -> assertThat(parkedFrom(queue))
                            .hasSize(4)
                            .allSatisfy(
                                    message -> assertThat(message.path("cause").asText())
                                            .isNotBlank()
                                            .isNotEqualTo("null")));
            assertThat(parkedFrom(queue))
                    .extracting(message -> message.path("cause").asText())
                    .as("each for a reason of its own")
                    .doesNotHaveDuplicates();
            awaitCounted(queue, 4);

            // Another try makes it no better.
            String eldest = parkedFrom(queue).getFirst().path("id").asText();
            assertThat(retry(queue, eldest).status()).isEqualTo(202);
            within(PATIENCE, "what is retried on " + queue + " is parked again")
                    .untilAsserted(() -> assertThat(parkedFrom(queue))
                            .hasSize(4)
                            .extracting(message -> message.path("id").asText())
                            .doesNotContain(eldest));
            for (JsonNode message : parkedFrom(queue)) {
                String path = path(queue, message.path("id").asText());
                assertThat(shop.gateway()
                                .send("DELETE", path, BodyPublishers.noBody())
                                .status())
                        .isEqualTo(204);
            }
            awaitCounted(queue, 0);
        }
        shop.audit();
    }

    @Test
    void a_command_that_always_fails_is_parked_and_done_once_its_cause_is_gone() {
        PlacedOrder order = shop.accepts(Purchase.of(shop.sells(2), 1)).becomes(CONFIRMED);
        Map<String, StoredPoison> poison = Map.of(
                "shipping", StoredPoison.in(waybill.database("shipping"), order.shipmentId()),
                "inventory", StoredPoison.in(waybill.database("inventory"), order.id()),
                "payment", StoredPoison.in(waybill.database("payment"), order.paymentId()));

        order.cancel().orFail();
        // In the order in which what was done is undone.
        for (String context : List.of("shipping", "inventory", "payment")) {
            String queue = context + ".commands";
            within(PATIENCE, "what undoes the order's part of " + context + " is parked")
                    .until(() -> !parkedFrom(queue).isEmpty());
            assertThat(parkedFrom(queue)).allSatisfy(message -> {
                assertThat(message.path("partitionKey").asText()).isEqualTo(order.id());
                assertThat(message.path("cause").asText()).isNotBlank();
            });
            shop.accepts(Purchase.of(shop.sells(1), 1)).becomes(CONFIRMED);

            poison.get(context).repair();
            // The last takes those along that the saga sent before; it may just send another.
            within(PATIENCE, "nothing of " + context + " is parked").until(() -> {
                List<JsonNode> parked = parkedFrom(queue);
                if (!parked.isEmpty()) {
                    retry(queue, parked.getLast().path("id").asText()).orFail();
                }
                return parked.isEmpty();
            });
        }

        order.becomes(CANCELLED).hearsOf("ShipmentCancelled", "StockReleased", "PaymentRefunded", "OrderCancelled");
        assertThat(order.history())
                .containsOnlyOnce("ShipmentCancelled", "StockReleased", "PaymentRefunded", "OrderCancelled");
        shop.audit();
    }

    @Test
    void an_event_that_always_fails_is_parked_and_heard_once_its_cause_is_gone() {
        PlacedOrder order = shop.accepts(Purchase.of(shop.sells(1), 1)).becomes(CONFIRMED);
        StoredPoison poison = StoredPoison.in(waybill.database("order"), order.id());

        order.dispatch().orFail();
        within(PATIENCE, "the dispatch cannot be recorded")
                .untilAsserted(() -> assertThat(operator.parked()).isNotEmpty().allSatisfy(event -> {
                    assertThat(event.path("context").asText()).isEqualTo("order");
                    assertThat(event.path("partitionKey").asText()).isEqualTo(order.id());
                    assertThat(event.path("cause").asText()).isNotBlank();
                }));
        within(PATIENCE, "it is counted").until(() -> waybill.meters("order").sum("waybill_parked_events") > 0);
        shop.accepts(Purchase.of(shop.sells(1), 1)).becomes(CONFIRMED);

        poison.repair();
        assertThat(operator.parked()).allMatch(event -> event.hasNonNull("processor"));
        operator.parked()
                .forEach(event -> assertThat(shop.gateway()
                                .post("/api/admin/order/parked-events/"
                                        + event.path("id").asText() + "/retry")
                                .status())
                        .isIn(202, 404));
        order.becomes(DISPATCHED);
        within(PATIENCE, "nothing is parked").until(() -> operator.parked().isEmpty());
        shop.audit();
    }

    private static void send(Channel channel, String queue, String body, Map<String, Object> headers)
            throws IOException, InterruptedException, TimeoutException {
        channel.confirmSelect();
        channel.basicPublish(
                "",
                WireTap.prefix(waybill) + queue,
                new BasicProperties.Builder().headers(headers).build(),
                body.getBytes(UTF_8));
        channel.waitForConfirmsOrDie(PATIENCE.toMillis());
    }

    private static Map<String, Object> headers(String type) {
        var headers = new HashMap<String, Object>();
        String source = type.split("\\.", 3)[1];
        Map.of(
                        "specversion", "1.0",
                        "id", "poison",
                        "source", "/waybill/" + source,
                        "type", type,
                        "subject", "poison",
                        "partitionkey", type,
                        "time", "2026-01-01T00:00:00Z")
                .forEach((name, value) -> headers.put("cloudEvents:" + name, value));
        return headers;
    }

    private static List<JsonNode> parkedFrom(String queue) {
        return operator.parked().stream()
                .filter(message -> message.path("queue").asText().equals(WireTap.prefix(waybill) + queue))
                .toList();
    }

    private static Answer retry(String queue, String id) {
        return shop.gateway().post(path(queue, id) + "/retry");
    }

    private static String path(String queue, String id) {
        return "/api/admin/%s/parked-messages/%s".formatted(context(queue), id);
    }

    private static String context(String queue) {
        return queue.split("\\.", 2)[0];
    }

    private static void awaitCounted(String queue, double count) {
        String label = "queue=\"%s\"".formatted(WireTap.prefix(waybill) + queue);
        within(PATIENCE, count + " parked messages of " + queue + " are counted")
                .until(() -> {
                    Meters meters = waybill.meters(context(queue));
                    return meters.sum("waybill_parked_messages", label) == count;
                });
    }
}
