package io.waybill.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A client of a JSON API. Headers are given as name, value, name, value. No answer within 60 s is a failure. */
public final class ApiClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final URI base;
    private final List<String> always;

    public ApiClient(URI base) {
        this(HttpClient.newHttpClient(), base, List.of());
    }

    private ApiClient(HttpClient http, URI base, List<String> always) {
        this.http = http;
        this.base = base;
        this.always = always;
    }

    /**
     * This client as somebody else; it is closed with this one.
     *
     * @param authorization the values of the {@code Authorization} header; none for nobody
     */
    public ApiClient as(String... authorization) {
        return new ApiClient(
                http,
                base,
                Stream.of(authorization)
                        .flatMap(value -> Stream.of("Authorization", value))
                        .toList());
    }

    public URI uri(String path) {
        return URI.create(base + path);
    }

    public Answer get(String path, String... headers) {
        return getAsync(path, headers).join();
    }

    public CompletableFuture<Answer> getAsync(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    public Answer put(String path, String json, String... headers) {
        return send("PUT", path, json, headers).join();
    }

    public Answer post(String path, String json, String... headers) {
        return postAsync(path, json, headers).join();
    }

    /** Posts nothing but the wish. */
    public Answer post(String path) {
        return post(path, "");
    }

    public CompletableFuture<Answer> postAsync(String path, String json, String... headers) {
        return send("POST", path, json, headers);
    }

    /**
     * Sends any request.
     *
     * @param json the body; empty for none
     */
    public CompletableFuture<Answer> send(String method, String path, String json, String... headers) {
        BodyPublisher body = json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).method(method, body);
        String[] all = Stream.concat(always.stream(), Stream.of(headers)).toArray(String[]::new);
        if (!method.equals("GET") && !List.of(all).contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        if (all.length > 0) {
            request.headers(all);
        }
        return http.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(ApiClient::answer);
    }

    private static Answer answer(HttpResponse<String> response) {
        String type = response.headers().firstValue("content-type").orElse("");
        return new Answer(
                response.statusCode(),
                type.contains("json") ? read(response.body()) : MissingNode.getInstance(),
                response.headers().map());
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
