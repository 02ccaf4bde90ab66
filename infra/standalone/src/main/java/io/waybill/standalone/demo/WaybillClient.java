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
import java.util.Map;

/** Speaks the gateway's REST API, one method for each thing that a customer or an operator does. Thread-safe. */
public final class WaybillClient {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI gateway;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** Speaks to the gateway at an address such as {@code http://127.0.0.1:8080}. */
    public WaybillClient(URI gateway) {
        this.gateway = gateway;
    }

    /** Lists the catalogue. */
    public Answer products() {
        return get("/api/products");
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
        return send("/api/shipments/%s/dispatch".formatted(shipmentId), "POST", BodyPublishers.noBody(), Map.of());
    }

    /** Says that a shipment has arrived. */
    public Answer deliver(String shipmentId) {
        return send("/api/shipments/%s/delivery".formatted(shipmentId), "POST", BodyPublishers.noBody(), Map.of());
    }

    /** Lets an order go on whose compensation is stuck. */
    public Answer resume(String orderId) {
        return send("/api/admin/order/orders/%s/resume".formatted(orderId), "POST", BodyPublishers.noBody(), Map.of());
    }

    /** Any GET. */
    public Answer get(String path) {
        return send(path, "GET", BodyPublishers.noBody(), Map.of());
    }

    /** Any POST of JSON. */
    public Answer post(String path, JsonNode body, Map<String, String> headers) {
        return send(path, "POST", BodyPublishers.ofString(body.toString()), headers);
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
