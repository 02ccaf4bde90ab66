package io.waybill.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/** What Zipkin shows of an order, at the address that the order's history names. */
final class ShownTrace {

    /** Spans are sent in batches, so the last ones come a moment later than the order's end. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final ObjectMapper JSON = new ObjectMapper();

    private ShownTrace() {}

    /**
     * Waits until the trace can be seen, with spans of the gateway and of these contexts among them.
     *
     * @param url as Zipkin's own page has it, ending in {@code /traces/<id>}
     * @return a sentence about it
     */
    static String await(String url, Set<String> contexts) {
        var asked = URI.create(url.replace("/traces/", "/api/v2/trace/"));
        try (var client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                var spans = spans(client, asked);
                var services = new TreeSet<String>();
                spans.forEach(span ->
                        services.add(span.at("/localEndpoint/serviceName").asText()));
                if (services.contains("waybill-gateway") && services.containsAll(contexts)) {
                    return "trace %s with %d spans of %s".formatted(url, spans.size(), String.join(", ", services));
                }
                if (System.nanoTime() > deadline) {
                    throw new StoryException("%s shows spans of %s only".formatted(url, services));
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** None where it is not known yet. */
    private static JsonNode spans(HttpClient client, URI asked) {
        try {
            var answer = client.send(
                    HttpRequest.newBuilder(asked)
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    BodyHandlers.ofString());
            return answer.statusCode() == 200 ? JSON.readTree(answer.body()) : JSON.createArrayNode();
        } catch (IOException e) {
            throw new StoryException("Zipkin does not answer at " + asked + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryException("Interrupted while Zipkin was asked");
        }
    }
}
