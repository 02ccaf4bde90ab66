package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** Watches the processors of all contexts, replays them, and reads what is stored and shown. */
record Operator(Http gateway) {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final List<String> CONTEXTS = List.of("order", "payment", "inventory", "shipping");

    /** A processor, which may have several segments. */
    record Processor(String context, String name, boolean replayable) {}

    List<Processor> processors() {
        return statuses().stream()
                .map(status -> new Processor(
                        status.path("context").asText(),
                        status.path("name").asText(),
                        status.path("replayable").asBoolean()))
                .distinct()
                .toList();
    }

    Answer replay(Processor processor, String from) {
        String path = "/api/admin/%s/processors/%s/replay".formatted(processor.context(), processor.name());
        return gateway.post(path, "{\"from\":\"%s\"}".formatted(from));
    }

    /** Replays every projection from its start, and returns when all have heard everything. */
    void replayAll() {
        replayAllWithoutWaiting();
        awaitAllCaughtUp();
    }

    void replayAllWithoutWaiting() {
        processors().stream().filter(Processor::replayable).forEach(processor -> {
            Answer answer = replay(processor, "start");
            assertThat(answer.status()).as("%s: %s", processor, answer).isEqualTo(202);
        });
    }

    void awaitAllCaughtUp() {
        within(PATIENCE, "all processors catch up")
                .untilAsserted(() -> assertThat(statuses())
                        .isNotEmpty()
                        .allMatch(status -> status.path("lag").asLong() == 0
                                && status.path("running").asBoolean()
                                && !status.path("error").asBoolean()
                                && !status.hasNonNull("replaying")));
    }

    /** What waits for an operator; nothing, as a rule. */
    List<JsonNode> parked() {
        return items(gateway.get("/api/admin/parked").orFail());
    }

    /** The ids of all events that all contexts have stored, in their order. */
    List<String> storedEvents() {
        return CONTEXTS.stream()
                .flatMap(context -> all("/api/admin/" + context + "/events").stream()
                        .map(event -> context + " " + event.path("id").asText()))
                .toList();
    }

    /** Everything that the read models show: all lists, and each order's payment, shipment and history. */
    List<JsonNode> shown() {
        var shown = new ArrayList<JsonNode>(all("/api/products"));
        for (JsonNode order : all("/api/orders")) {
            shown.add(order);
            show("/api/payments/" + order.at("/payment/paymentId").asText(), shown);
            show("/api/shipments/" + order.at("/shipment/shipmentId").asText(), shown);
        }
        return shown;
    }

    private void show(String path, List<JsonNode> shown) {
        if (!path.endsWith("/")) {
            shown.add(gateway.get(path).orFail().body());
        }
    }

    private List<JsonNode> statuses() {
        JsonNode body = gateway.get("/api/admin/processors").orFail().body();
        assertThat(body.path("unavailable")).isEmpty();
        return items(body);
    }

    /** All parts of a list. */
    private List<JsonNode> all(String path) {
        var found = new ArrayList<JsonNode>();
        String cursor = "";
        do {
            Answer page = gateway.get(path + "?limit=100" + cursor).orFail();
            found.addAll(items(page));
            cursor = page.text("nextCursor").isEmpty() ? "" : "&cursor=" + page.text("nextCursor");
        } while (!cursor.isEmpty());
        return found;
    }

    private static List<JsonNode> items(Answer answer) {
        return items(answer.body());
    }

    private static List<JsonNode> items(JsonNode body) {
        return StreamSupport.stream(body.path("items").spliterator(), false).toList();
    }
}
