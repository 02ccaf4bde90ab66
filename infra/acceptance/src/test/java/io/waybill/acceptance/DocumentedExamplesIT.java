package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Sends every example of the document that the running gateway serves, as somebody would who pastes them one after the
 * other: only the ids are those of the answers before. Each has to be answered as the document says.
 */
@Tag("impatient")
@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(SharedSystem.LOCK)
class DocumentedExamplesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    /** Where nothing is parked, as it should be, there is nothing to retry or to discard. */
    private static final Set<String> OF_NOTHING =
            Set.of("retryParkedEvent", "discardParkedEvent", "retryParkedMessage", "discardParkedMessage");

    /** Headers that answers need not have. */
    private static final Set<String> SOMETIMES = Set.of("Age");

    private static final Http GATEWAY = new Http(() -> SharedSystem.get().gateway());

    private static JsonNode document;

    private final Map<String, Example> examples = examples();
    private final Set<String> sent = new TreeSet<>();
    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, String> tokens = new HashMap<>();
    private String lastWrite = "";

    private record Example(String method, String path, JsonNode operation, List<JsonNode> parameters) {

        String id() {
            return operation.path("operationId").asText();
        }

        JsonNode body() {
            return operation.at("/requestBody/content/application~1json/example");
        }
    }

    @BeforeAll
    static void load() {
        document = GATEWAY.get("/openapi.json").orFail().body();
    }

    @Test
    void every_example_works_when_it_is_pasted() {
        String rest = UUID.randomUUID().toString();
        send("browseDocument", 200);
        send("loadPagePart", 200);
        send("showDocument", 200);
        send("listPublicKeys", 200);

        send("register", 201, 409);
        Answer login = send("logIn", 200);
        tokens.put("customer", "Bearer " + login.text("access_token"));
        tokens.put("operator", "Bearer " + operatorToken());

        send("offerProduct", 200, 201);
        send("receiveStock", 202);
        send("listProducts", 200);
        send("showProduct", 200);

        take(send("placeOrder", 201));
        send("listOrders", 200);
        Answer order = send("showOrder", 200);
        ids.put("pay", order.text("payment/paymentId"));
        ids.put("shp", order.text("shipment/shipmentId"));
        send("tellOrderHistory", 200);
        send("showPayment", 200);
        send("showShipment", 200);
        send("dispatchShipment", 202);
        send("confirmDelivery", 202);
        within(PATIENCE, "the order is delivered")
                .until(() -> send("showOrder", 200).text("status").equals("DELIVERED"));
        send("followOrder", 200);

        take(order("second-" + rest, "pm_card_visa"));
        send("cancelOrder", 202);

        take(order("third-" + rest, "pm_sandbox_refund_fails"));
        send("cancelOrder", 202);
        within(PATIENCE, "the refund is stuck")
                .until(() -> send("showOrder", 200).text("status").equals("COMPENSATION_STUCK"));
        send("resumeOrder", 202);
        within(PATIENCE, "the refund took place after all")
                .until(() -> send("showOrder", 200).text("status").equals("CANCELLED"));

        send("rotateKeys", 202, 409);
        send("listProcessors", 200);
        send("listParked", 200);
        send("listParkedOfContext", 200);
        send("listStoredEvents", 200);
        OF_NOTHING.forEach(operation -> send(operation, 404));
        send("replayProcessor", 202);
        new Operator(Http.toGateway(SharedSystem::get)).awaitAllCaughtUp();

        assertThat(sent).isEqualTo(new TreeSet<>(examples.keySet()));
    }

    /** The example of an order, for another key and another card. */
    private Answer order(String key, String card) {
        Example example = examples.get("placeOrder");
        ObjectNode body = example.body().deepCopy();
        return check(
                example,
                ask(example, body.put("paymentMethod", card), Map.of("Idempotency-Key", '"' + key + '"')),
                Set.of(201));
    }

    private void take(Answer order) {
        assertThat(order.text("status")).isEqualTo("CONFIRMED");
        ids.put("ord", order.text("orderId"));
    }

    /** Sends the example; a question is asked again until the answer has got around. */
    private Answer send(String operation, Integer... expected) {
        Example example = examples.get(operation);
        assertThat(example).as(operation + " is documented").isNotNull();
        sent.add(operation);
        Set<Integer> right = Set.of(expected);
        Answer answer = example.method().equals("get")
                ? within(PATIENCE, operation)
                        .until(() -> ask(example, example.body(), Map.of()), found -> right.contains(found.status()))
                : ask(example, example.body(), Map.of());
        return check(example, answer, right);
    }

    private Answer ask(Example example, JsonNode body, Map<String, String> instead) {
        String path = example.path();
        var query = new ArrayList<String>();
        var headers = new LinkedHashMap<String, String>();
        for (JsonNode parameter : example.parameters()) {
            String name = parameter.path("name").asText();
            String value = parameter.path("example").asText();
            switch (parameter.path("in").asText()) {
                case "path" -> path = path.replace("{" + name + "}", real(value));
                case "query" -> {
                    if (!value.isEmpty()) {
                        query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
                    }
                }
                default -> {
                    if (name.equals("Waybill-Consistency") && example.id().equals("placeOrder")) {
                        headers.put(name, lastWrite);
                    } else if (!value.isEmpty()) {
                        headers.put(name, value);
                    }
                }
            }
        }
        headers.putAll(instead);
        String access = example.operation().path("x-waybill-access").asText();
        if (!access.equals("anyone")) {
            headers.put("Authorization", tokens.get(access.equals("operator") ? "operator" : "customer"));
        }
        Answer answer = GATEWAY.send(
                example.method().toUpperCase(Locale.ROOT),
                query.isEmpty() ? path : path + "?" + String.join("&", query),
                body.isMissingNode() ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()),
                headers.entrySet().stream()
                        .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                        .toArray(String[]::new));
        lastWrite = answer.headers().firstValue("Waybill-Consistency").orElse(lastWrite);
        return answer;
    }

    /** Examples of ids are replaced by those of the answers before. */
    private String real(String value) {
        return ids.getOrDefault(value.split("_", 2)[0], value);
    }

    private static Answer check(Example example, Answer answer, Set<Integer> right) {
        String name = example.id() + ": " + answer;
        assertThat(right).as(name).contains(answer.status());
        JsonNode described = resolve(example.operation().path("responses").path(String.valueOf(answer.status())));
        assertThat(described.isMissingNode()).as(name).isFalse();
        for (var header : described.path("headers").properties()) {
            if (!SOMETIMES.contains(header.getKey())) {
                assertThat(answer.header(header.getKey()))
                        .as(header.getKey() + " of " + name)
                        .isNotEmpty();
            }
        }
        JsonNode contents = described.path("content");
        assertThat(contents.isEmpty())
                .as(name)
                .isEqualTo(answer.header("Content-Type").isEmpty());
        for (var content : contents.properties()) {
            if (!content.getKey().equals("*/*")) {
                assertThat(answer.header("Content-Type")).as(name).startsWith(content.getKey());
            }
            if (content.getKey().contains("json")) {
                assertThat(violations(content.getValue().path("schema"), answer.body()))
                        .as(name)
                        .isEmpty();
            }
        }
        return answer;
    }

    private static Set<?> violations(JsonNode schema, JsonNode answer) {
        ObjectNode whole = JSON.createObjectNode();
        whole.set("components", document.path("components"));
        whole.putArray("allOf").add(schema);
        return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(whole)
                .validate(answer);
    }

    private static Map<String, Example> examples() {
        var examples = new LinkedHashMap<String, Example>();
        for (var path : document.path("paths").properties()) {
            for (var member : path.getValue().properties()) {
                if (METHODS.contains(member.getKey())) {
                    var parameters = new ArrayList<JsonNode>();
                    path.getValue().path("parameters").forEach(it -> parameters.add(resolve(it)));
                    member.getValue().path("parameters").forEach(it -> parameters.add(resolve(it)));
                    var example = new Example(member.getKey(), path.getKey(), member.getValue(), parameters);
                    examples.put(example.id(), example);
                }
            }
        }
        return examples;
    }

    private static JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static String operatorToken() {
        String credentials = JsonNodeFactory.instance
                .objectNode()
                .put("email", "operator@waybill.local")
                .put("password", SharedSystem.get().operatorPassword())
                .toString();
        return GATEWAY.post("/api/users/login", credentials).orFail().text("access_token");
    }
}
