package io.waybill.acceptance.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Somebody with an account who speaks JSON to a gateway. An answer that is none yet (429, 503) is waited for only by
 * {@link #read}. Thread-safe.
 */
public final class Client {

    /** What came back; the body is a missing node where there was no JSON. */
    public record Reply(int status, Optional<String> retryAfter, JsonNode body) {}

    private record Token(String value, long taken) {

        boolean isFresh() {
            return System.nanoTime() - taken < FRESH.toNanos();
        }
    }

    private static final Duration FRESH = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final URI address;
    private final Optional<ObjectNode> credentials;
    private final Duration timeout;
    private final ReentrantLock login = new ReentrantLock();
    private volatile Optional<Token> token = Optional.empty();

    private Client(URI address, Optional<ObjectNode> credentials, Duration timeout) {
        this.address = address;
        this.credentials = credentials;
        this.timeout = timeout;
    }

    /** Nobody in particular. */
    static Client anonymous(URI address) {
        return new Client(address, Optional.empty(), Duration.ofSeconds(30));
    }

    /** Somebody who has an account. */
    public static Client of(URI address, String email, String password, Duration timeout) {
        return new Client(address, Optional.of(credentials(email, password)), timeout);
    }

    /** The same person, who comes through another gateway. */
    public Client at(URI other) {
        return new Client(other, credentials, timeout);
    }

    /** Opens the account. */
    public void register() throws IOException {
        ObjectNode account = credentials.orElseThrow().deepCopy().put("name", "Ada Lovelace");
        Reply reply = send(request("/api/users/register", "POST", account.toString()));
        if (reply.status() != 201) {
            throw new IOException("There is no account: " + reply);
        }
    }

    /**
     * Sends one request.
     *
     * @param headers as name, value, name, value
     * @throws IOException if there is no answer
     */
    public Reply send(String method, String path, String body, String... headers) throws IOException {
        HttpRequest.Builder request = request(path, method, body);
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        Optional<Token> used = credentials.isPresent() ? Optional.of(token()) : Optional.empty();
        used.ifPresent(known -> request.setHeader("Authorization", "Bearer " + known.value()));
        Reply reply = send(request);
        if (reply.status() == 401) {
            forget(used);
        }
        return reply;
    }

    /**
     * What an address shows, never from a cache; waits for a turn, and for a part of the system that is away.
     *
     * @throws UncheckedIOException if it shows nothing in the end
     */
    JsonNode read(String path) {
        return read(path, Set.of(200));
    }

    /** The same; a missing node where there is nothing. */
    JsonNode readIfThere(String path) {
        return read(path, Set.of(200, 404));
    }

    /** Has a read model rebuilt from its start. */
    void replay(String path) {
        try {
            Reply reply = send("POST", path, "{\"from\":\"start\"}");
            if (reply.status() != 202) {
                throw new IOException("POST " + path + ": " + reply);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode read(String path, Set<Integer> answers) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String last;
            try {
                Reply reply = send("GET", path, "", "Cache-Control", "no-cache");
                if (answers.contains(reply.status())) {
                    // A problem names the request, so it is never the same again.
                    return reply.status() == 200 ? reply.body() : MissingNode.getInstance();
                }
                last = reply.toString();
            } catch (IOException e) {
                last = e.toString();
            }
            if (System.nanoTime() > deadline) {
                throw new UncheckedIOException(new IOException("GET " + address.resolve(path) + ": " + last));
            }
            pause();
        }
    }

    /** The text at an address. */
    String text(String path) {
        try {
            return exchange(request(path, "GET", "")).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(500));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** One renews it; the others use it as long as it is good, and do not wait for a login that takes its time. */
    private Token token() throws IOException {
        Optional<Token> known = token;
        if (known.isEmpty()) {
            login.lock();
        } else if (known.get().isFresh() || !login.tryLock()) {
            return known.get();
        }
        try {
            known = token;
            if (known.filter(Token::isFresh).isEmpty()) {
                Reply reply = send(request(
                        "/api/users/login", "POST", credentials.orElseThrow().toString()));
                if (reply.status() == 200) {
                    known = Optional.of(
                            new Token(reply.body().path("access_token").asText(), System.nanoTime()));
                    token = known;
                } else if (known.isEmpty()) {
                    throw new IOException("Nobody can log in: " + reply);
                }
            }
            return known.get();
        } finally {
            login.unlock();
        }
    }

    /** Unless somebody has renewed it meanwhile. */
    private synchronized void forget(Optional<Token> refused) {
        if (token.equals(refused)) {
            token = Optional.empty();
        }
    }

    private HttpRequest.Builder request(String path, String method, String body) {
        return HttpRequest.newBuilder(address.resolve(path))
                .timeout(timeout)
                .setHeader("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    }

    private Reply send(HttpRequest.Builder request) throws IOException {
        HttpResponse<String> response = exchange(request);
        boolean isJson =
                response.headers().firstValue("Content-Type").orElse("").contains("json");
        return new Reply(
                response.statusCode(),
                response.headers().firstValue("Retry-After"),
                isJson ? JSON.readTree(response.body()) : MissingNode.getInstance());
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode credentials(String email, String password) {
        return JSON.createObjectNode().put("email", email).put("password", password);
    }
}
