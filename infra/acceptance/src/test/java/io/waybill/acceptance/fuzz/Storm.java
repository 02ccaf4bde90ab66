package io.waybill.acceptance.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.acceptance.fuzz.Grammar.Operation;
import io.waybill.acceptance.fuzz.Wire.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** Sends many requests on some connections at once, each as soon as the one before on its connection is answered. */
public final class Storm {

    private static final int CONNECTIONS = 32;

    /** What is no HTTP may be answered only when the server has waited long enough for its end. */
    private static final int SLOW_CONNECTIONS = 200;

    /** Longer than the gateway may take for anything that it does not stream. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final int MANY_FINDINGS = 200;

    private static final String OPERATOR = "$OPERATOR_TOKEN";
    private static final String CUSTOMER = "$CUSTOMER_TOKEN";

    /**
     * What came of it.
     *
     * @param sent requests
     * @param answers how many there were with which status
     * @param findings what was wrong, each kind once, with a request that shows it
     */
    public record Outcome(long sent, Map<String, Long> answers, List<String> findings) {}

    private final InetSocketAddress server;
    private final Function<String, String> tokens;
    private final Vocabulary vocabulary = new Vocabulary();
    private final Grammar grammar;
    private final Judge judge;
    private final LongAdder sent = new LongAdder();
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final Map<String, String> findings = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> repeated = new ConcurrentHashMap<>();

    /**
     * @param document the OpenAPI document of the system
     * @param tokens the access token of who is called {@code customer} or {@code operator}; asked for again and again
     */
    public Storm(URI gateway, JsonNode document, Function<String, String> tokens) {
        this.server = new InetSocketAddress(gateway.getHost(), gateway.getPort());
        this.tokens = tokens;
        this.grammar = new Grammar(document);
        this.judge = new Judge(grammar);
        document.findValues("example").forEach(vocabulary::learn);
    }

    /** Asks everything that can be read once, and remembers what comes back as values for later. */
    public void lookAround() {
        for (Operation operation : grammar.operations()) {
            if (operation.method().equals("GET") && !operation.isOf("documents")) {
                lookAt(operation, "customer");
                lookAt(operation, "operator");
            }
        }
    }

    private void lookAt(Operation operation, String who) {
        var request = new Generator(grammar, vocabulary, 0).good(operation, tokens.apply(who));
        try (var wire = new Wire(server, PATIENCE)) {
            Reply reply = wire.ask(request.bytes(Map.of()), false);
            JsonNode body = Judge.parsed(reply);
            if (reply.status() == 200 && body != null) {
                vocabulary.learn(body);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "There is no answer to " + request.pasteable(server.getHostString(), server.getPort()), e);
        }
    }

    /** Sends requests 1 to {@code count} of a seed. */
    public Outcome rage(long seed, long count) {
        var generator = new Generator(grammar, vocabulary, seed);
        var next = new AtomicLong(1);
        var slow = new Semaphore(SLOW_CONNECTIONS);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Void> caller = () -> {
                try (var wire = new Wire(server, PATIENCE)) {
                    for (long number = next.getAndIncrement(); number <= count; number = next.getAndIncrement()) {
                        FuzzedRequest request = generator.request(number);
                        if (request.isHttp()) {
                            send(request, wire);
                        } else {
                            slow.acquire();
                            threads.execute(() -> sendAside(request, slow));
                        }
                    }
                }
                return null;
            };
            List<Future<Void>> callers = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                callers.add(threads.submit(caller));
            }
            for (Future<Void> one : callers) {
                one.get();
            }
            slow.acquire(SLOW_CONNECTIONS);
        } catch (ExecutionException e) {
            throw new AssertionError("A caller failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return outcome();
    }

    private void sendAside(FuzzedRequest request, Semaphore slow) {
        try (var wire = new Wire(server, PATIENCE)) {
            send(request, wire);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            slow.release();
        }
    }

    private void send(FuzzedRequest request, Wire wire) throws IOException {
        sent.increment();
        byte[] bytes = request.bytes(Map.of(OPERATOR, tokens.apply("operator"), CUSTOMER, tokens.apply("customer")));
        try {
            Optional<Reply> reply =
                    request.isHttp() ? Optional.of(wire.ask(bytes, request.isHead())) : wire.askAndLeave(bytes);
            count(reply.map(it -> Integer.toString(it.status())).orElse("hung up"));
            reply.ifPresent(it -> judge.complaint(request, it).ifPresent(complaint -> note(request, complaint, it)));
        } catch (SocketTimeoutException e) {
            wire.close();
            note(request, "is missing: silence for " + PATIENCE, null);
        } catch (IOException e) {
            wire.close();
            note(request, "is missing: " + e.getMessage(), null);
        }
    }

    private void count(String answer) {
        answers.computeIfAbsent(answer, key -> new LongAdder()).increment();
    }

    private void note(FuzzedRequest request, String complaint, Reply reply) {
        String about = grammar.find(request.method(), request.path())
                .map(Operation::id)
                .orElse(request.isHttp() ? "no operation" : "no HTTP");
        String kind = "The answer to %s %s".formatted(about, complaint);
        repeated.computeIfAbsent(kind, key -> new LongAdder()).increment();
        if (findings.size() < MANY_FINDINGS) {
            findings.computeIfAbsent(
                    kind,
                    key -> "request %d:%n%s%n%s"
                            .formatted(
                                    request.number(),
                                    request.pasteable(server.getHostString(), server.getPort()),
                                    reply == null
                                            ? ""
                                            : "-> %d %s%n%s".formatted(reply.status(), reply.headers(), reply.body())));
        }
    }

    private Outcome outcome() {
        var statuses = new TreeMap<String, Long>();
        answers.forEach((status, number) -> statuses.put(status, number.sum()));
        List<String> all = findings.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(finding -> "%s (%d times), as in %s"
                        .formatted(
                                finding.getKey(), repeated.get(finding.getKey()).sum(), finding.getValue()))
                .toList();
        return new Outcome(sent.sum(), statuses, all);
    }
}
