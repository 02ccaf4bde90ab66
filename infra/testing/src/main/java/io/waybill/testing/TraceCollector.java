package io.waybill.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Receives traces by OTLP over HTTP, as collectors do, and keeps all of them. */
public final class TraceCollector implements AutoCloseable {

    private static final String PATH = "/v1/traces";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean away;
    private final List<SeenSpan> spans = new CopyOnWriteArrayList<>();

    private TraceCollector(HttpServer server) {
        this.server = server;
    }

    public static TraceCollector listening() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var collector = new TraceCollector(server);
            server.createContext(PATH, collector::receive);
            server.setExecutor(collector.threads);
            server.start();
            return collector;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Settings of processes that send their traces here without delay. */
    public List<String> settings() {
        return List.of(
                "management.otlp.tracing.endpoint=http://127.0.0.1:%d%s"
                        .formatted(server.getAddress().getPort(), PATH),
                "management.tracing.opentelemetry.export.schedule-delay=100ms",
                // What a busy machine takes long to send is not given up.
                "management.otlp.tracing.timeout=1m",
                "management.tracing.opentelemetry.export.max-queue-size=20000");
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange;
                var body = exchange.getRequestBody()) {
            if (away) {
                refused.incrementAndGet();
                return;
            }
            for (ResourceSpans resource :
                    ExportTraceServiceRequest.parseFrom(body).getResourceSpansList()) {
                String service = SeenSpan.attributes(resource.getResource().getAttributesList())
                        .getOrDefault("service.name", "");
                resource.getScopeSpansList().stream()
                        .flatMap(scope -> scope.getSpansList().stream())
                        .forEach(span -> spans.add(SeenSpan.of(service, span)));
            }
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** Breaks off every request from now on. */
    public void goAway() {
        away = true;
    }

    /** How many requests it broke off. */
    public int refused() {
        return refused.get();
    }

    public void comeBack() {
        away = false;
    }

    public List<SeenSpan> spans() {
        return List.copyOf(spans);
    }

    public List<SeenSpan> trace(String traceId) {
        return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
    }

    /**
     * The spans of a trace that are wanted, as lines of {@code service KIND name}, each below the nearest of them that
     * it follows from. Those that follow from the same one are in the order of their names, since some happen side by
     * side.
     */
    public String tree(String traceId, Predicate<SeenSpan> wanted) {
        Map<String, SeenSpan> byId =
                trace(traceId).stream().collect(Collectors.toMap(SeenSpan::id, span -> span, (one, same) -> one));
        Map<String, List<SeenSpan>> byCause = byId.values().stream()
                .filter(wanted)
                .collect(Collectors.groupingBy(span -> causeOf(span, byId, wanted)));
        var tree = new StringBuilder();
        byCause.getOrDefault("", List.of()).stream().sorted(ORDER).forEach(root -> draw(root, "", byCause, tree));
        return tree.toString();
    }

    private static String causeOf(SeenSpan span, Map<String, SeenSpan> byId, Predicate<SeenSpan> wanted) {
        SeenSpan cause = byId.get(span.parentId());
        while (cause != null && !wanted.test(cause)) {
            cause = byId.get(cause.parentId());
        }
        return cause == null ? "" : cause.id();
    }

    private static final Comparator<SeenSpan> ORDER = Comparator.comparing(SeenSpan::name)
            .thenComparing(SeenSpan::service)
            .thenComparingLong(SeenSpan::startNanos);

    private static void draw(SeenSpan span, String indent, Map<String, List<SeenSpan>> byCause, StringBuilder tree) {
        tree.append(indent)
                .append(span.service())
                .append(' ')
                .append(span.kind())
                .append(' ')
                .append(span.name())
                .append(span.failed() ? " FAILED" : "")
                .append('\n');
        byCause.getOrDefault(span.id(), List.of()).stream()
                .sorted(ORDER)
                .forEach(child -> draw(child, indent + "  ", byCause, tree));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
