package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
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
import java.util.Optional;
import java.util.function.Supplier;

/** Speaks JSON over HTTP to one address, which may change with every start of what listens there. Thread-safe. */
final class Http {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Supplier<URI> address;
    private final Supplier<Optional<Accounts>> accounts;

    /** Nobody in particular asks. */
    Http(Supplier<URI> address) {
        this(address, Optional::empty);
    }

    private Http(Supplier<URI> address, Supplier<Optional<Accounts>> accounts) {
        this.address = address;
        this.accounts = accounts;
    }

    /** To a system's gateway; who asks goes by what is asked, unless the request says it. */
    static Http toGateway(Supplier<RunningSystem> system) {
        return new Http(() -> system.get().gateway(), () -> Optional.of(Accounts.at(system.get())));
    }

    /** A GET, with headers as name, value, name, value. */
    Answer get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    Answer head(String path, String... headers) {
        return send("HEAD", path, BodyPublishers.noBody(), headers);
    }

    /** A POST without a body. */
    Answer post(String path) {
        return send("POST", path, BodyPublishers.noBody());
    }

    /** A POST of a text, with headers as name, value, name, value. */
    Answer post(String path, String body, String... headers) {
        return send("POST", path, BodyPublishers.ofString(body), headers);
    }

    Answer put(String path, String body) {
        return send("PUT", path, BodyPublishers.ofString(body));
    }

    /**
     * Customers and operators log in anew when they have to, and come again when they are told to come later.
     *
     * @throws UncheckedIOException if there is no answer
     */
    Answer send(String method, String path, BodyPublisher body, String... headers) {
        Optional<Accounts> callers = accounts.get();
        Answer answer = sendOnce(method, path, body, callers, headers);
        if (callers.isEmpty() || List.of(headers).contains("Authorization")) {
            return answer;
        }
        if (answer.status() == 401) {
            callers.get().forget();
            answer = sendOnce(method, path, body, callers, headers);
        }
        if (answer.status() != 429) {
            return answer;
        }
        Duration later = Duration.ofSeconds(Long.parseLong(answer.header("Retry-After")));
        return within(PATIENCE, "a turn for " + path)
                .pollDelay(later)
                .pollInterval(later)
                .until(() -> sendOnce(method, path, body, callers, headers), again -> again.status() != 429);
    }

    private Answer sendOnce(
            String method, String path, BodyPublisher body, Optional<Accounts> callers, String... headers) {
        var request = HttpRequest.newBuilder(address.get().resolve(path))
                .method(method, body)
                .timeout(PATIENCE)
                .setHeader("Content-Type", "application/json");
        callers.flatMap(accounts -> accounts.authorization(method, path))
                .ifPresent(value -> request.setHeader("Authorization", value));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), parse(response));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path + " got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted in " + method + " " + path, e);
        }
    }

    /** Whether there is an answer at all, and none that tells of a failure. */
    boolean answers(String path) {
        try {
            return get(path).status() < 500;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static JsonNode parse(HttpResponse<String> response) throws JsonProcessingException {
        String type = response.headers().firstValue("Content-Type").orElse("");
        return type.contains("json") ? JSON.readTree(response.body()) : MissingNode.getInstance();
    }
}
