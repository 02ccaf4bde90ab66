package io.waybill.acceptance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Who asks in the stories: one customer, who opens an account at each system, and the operator for what is theirs.
 * Thread-safe.
 */
final class Accounts {

    /** Settings of the gateway with which one customer may read as often as the many do that it stands for. */
    static final List<String> LIMITS = List.of(
            "waybill.gateway.limits.policies.reading.quota=10000",
            "waybill.gateway.limits.policies.reading.refill=1000");

    private static final Duration FRESH = Duration.ofMinutes(10);
    private static final Pattern OPERATED =
            Pattern.compile("(POST|PUT|DELETE) /api/(products|shipments)/.*|[A-Z]+ /api/admin/.*");
    private static final Pattern OPEN = Pattern.compile("GET /api/products.*|POST /api/users/.*|[A-Z]+ /(?!api/).*");

    private static final Map<URI, Accounts> ALL = new ConcurrentHashMap<>();

    private record Token(String value, long taken) {}

    private final Http anonymous;
    private final Supplier<String> operatorPassword;
    private final String email = "story-%s@example.org".formatted(UUID.randomUUID());
    private final String password = UUID.randomUUID().toString();
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();
    private boolean registered;

    private Accounts(URI gateway, Supplier<String> operatorPassword) {
        this.anonymous = new Http(() -> gateway);
        this.operatorPassword = operatorPassword;
    }

    static Accounts at(RunningSystem system) {
        return ALL.computeIfAbsent(system.accounts(), gateway -> new Accounts(gateway, system::operatorPassword));
    }

    /** The value of the {@code Authorization} header that goes with the request; nothing where anyone may ask. */
    synchronized Optional<String> authorization(String method, String path) {
        String request = method + " " + path;
        if (OPEN.matcher(request).matches()) {
            return Optional.empty();
        }
        boolean operated = OPERATED.matcher(request).matches();
        return Optional.of("Bearer " + (operated ? operator() : customer()));
    }

    /** The access token of the {@code operator}, or of the {@code customer}. */
    synchronized String token(String who) {
        return who.equals("operator") ? operator() : customer();
    }

    /** Logs in anew, and opens another account, because the system has forgotten the one before. */
    synchronized void forget() {
        tokens.clear();
        registered = false;
    }

    private String operator() {
        return token("operator@waybill.local", operatorPassword);
    }

    private String customer() {
        if (!registered) {
            Answer answer = anonymous.post(
                    "/api/users/register",
                    credentials(email, password).put("name", "Ada Lovelace").toString());
            if (answer.status() != 201 && answer.status() != 409) {
                throw notYet(answer);
            }
            registered = true;
        }
        return token(email, () -> password);
    }

    private String token(String who, Supplier<String> secret) {
        Token known = tokens.get(who);
        if (known == null || System.nanoTime() - known.taken() > FRESH.toNanos()) {
            Answer answer = anonymous.post(
                    "/api/users/login", credentials(who, secret.get()).toString());
            if (answer.status() != 200) {
                throw notYet(answer);
            }
            known = new Token(answer.text("access_token"), System.nanoTime());
            tokens.put(who, known);
        }
        return known.value();
    }

    private static ObjectNode credentials(String who, String secret) {
        return JsonNodeFactory.instance.objectNode().put("email", who).put("password", secret);
    }

    /** Stories that wait for a system to start know this kind of failure. */
    private static UncheckedIOException notYet(Answer answer) {
        return new UncheckedIOException(new IOException("Nobody can log in: " + answer));
    }
}
