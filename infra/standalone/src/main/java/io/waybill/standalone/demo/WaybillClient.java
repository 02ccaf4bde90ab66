package io.waybill.standalone.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Speaks the gateway's REST API, one method for each thing that a customer or an operator does. The customer opens an
 * account of their own; the operator logs in. Thread-safe.
 */
public final class WaybillClient {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI gateway;
    private final Session customer;
    private final Session operator;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /**
     * Speaks to the gateway at an address such as {@code http://127.0.0.1:8080}.
     *
     * @param operatorPassword the password of {@code operator@waybill.local}; only what operators do needs it
     */
    public WaybillClient(URI gateway, String operatorPassword) {
        this.gateway = gateway;
        this.customer = new Session(this::register);
        this.operator = new Session(() -> logIn("operator@waybill.local", operatorPassword));
    }

    private Answer register() {
        String email = "demo-%s@waybill.local".formatted(UUID.randomUUID());
        String password = UUID.randomUUID().toString();
        var account = JsonNodeFactory.instance
                .objectNode()
                .put("email", email)
                .put("password", password)
                .put("name", "Ada Lovelace");
        send("/api/users/register", "POST", BodyPublishers.ofString(account.toString()), Map.of())
                .orFail();
        customer.refreshBy(() -> logIn(email, password));
        return logIn(email, password);
    }

    private Answer logIn(String email, String password) {
        var credentials =
                JsonNodeFactory.instance.objectNode().put("email", email).put("password", password);
        return send("/api/users/login", "POST", BodyPublishers.ofString(credentials.toString()), Map.of())
                .orFail();
    }

    /** Lists the catalogue. */
    public Answer products() {
        return send("/api/products", "GET", BodyPublishers.noBody(), Map.of());
    }

    /** Places an order; headers such as {@code Idempotency-Key} and {@code Prefer} are optional. */
    public Answer placeOrder(Purchase purchase, Map<String, String> headers) {
        return post("/api/orders", purchase.toJson(), headers);
    }

    /** Shows an order. */
    public Answer order(String orderId) {
        return get("/api/orders/" + orderId);
    }

    /** Tells every event of an order's journey. */
    public Answer history(String orderId) {
        return get("/api/orders/%s/history".formatted(orderId));
    }

    /** Asks to cancel an order. */
    public Answer cancel(String orderId, String reason) {
        var body = JsonNodeFactory.instance.objectNode().put("reason", reason);
        return post("/api/orders/%s/cancellation".formatted(orderId), body, Map.of());
    }

    /** Hands a shipment to the carrier. */
    public Answer dispatch(String shipmentId) {
        return operate("/api/shipments/%s/dispatch".formatted(shipmentId));
    }

    /** Says that a shipment has arrived. */
    public Answer deliver(String shipmentId) {
        return operate("/api/shipments/%s/delivery".formatted(shipmentId));
    }

    /** Lets an order go on whose compensation is stuck. */
    public Answer resume(String orderId) {
        return operate("/api/admin/order/orders/%s/resume".formatted(orderId));
    }

    /** Any GET of the customer's. */
    public Answer get(String path) {
        return send(path, "GET", BodyPublishers.noBody(), customer.authorization());
    }

    /** Any POST of JSON of the customer's. */
    public Answer post(String path, JsonNode body, Map<String, String> headers) {
        var all = new HashMap<>(headers);
        all.putAll(customer.authorization());
        return send(path, "POST", BodyPublishers.ofString(body.toString()), all);
    }

    private Answer operate(String path) {
        return send(path, "POST", BodyPublishers.noBody(), operator.authorization());
    }

    private Answer send(String path, String method, BodyPublisher body, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(gateway.resolve(path))
                .method(method, body)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json");
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), parse(response.body()));
        } catch (IOException e) {
            throw new StoryException("The gateway gave no answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryException("Interrupted while the gateway was asked");
        }
    }

    private JsonNode parse(String body) {
        try {
            return body.isBlank() ? MissingNode.getInstance() : json.readTree(body);
        } catch (JsonProcessingException e) {
            throw new StoryException("The gateway answered what is no JSON: " + e.getOriginalMessage());
        }
    }
}
