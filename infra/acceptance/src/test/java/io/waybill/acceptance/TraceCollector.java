package io.waybill.acceptance;

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
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Receives traces by OTLP over HTTP, as collectors do, and keeps all of them. */
final class TraceCollector implements AutoCloseable {

    private static final String PATH = "/v1/traces";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean away;
    private final List<SeenSpan> spans = new CopyOnWriteArrayList<>();

    private TraceCollector(HttpServer server) {
        this.server = server;
    }

    static TraceCollector listening() {
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
    List<String> settings() {
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
    void goAway() {
        away = true;
    }

    void comeBack() {
        away = false;
    }

    List<SeenSpan> spans() {
        return List.copyOf(spans);
    }

    List<SeenSpan> trace(String traceId) {
        return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
    }

    /**
     * The spans of a trace that are wanted, as lines of {@code service KIND name}, each below the one that it follows
     * from. Those that follow from the same one are in the order of their names, since some happen side by side.
     */
    String tree(String traceId, Predicate<SeenSpan> wanted) {
        List<SeenSpan> all = trace(traceId).stream().filter(wanted).toList();
        Map<String, List<SeenSpan>> byParent = all.stream().collect(Collectors.groupingBy(SeenSpan::parentId));
        var tree = new StringBuilder();
        all.stream()
                .filter(span -> all.stream().noneMatch(other -> other.id().equals(span.parentId())))
                .sorted(ORDER)
                .forEach(root -> draw(root, "", byParent, tree));
        return tree.toString();
    }

    private static final Comparator<SeenSpan> ORDER =
            Comparator.comparing(SeenSpan::name).thenComparingLong(SeenSpan::startNanos);

    private static void draw(SeenSpan span, String indent, Map<String, List<SeenSpan>> byParent, StringBuilder tree) {
        tree.append(indent)
                .append(span.service())
                .append(' ')
                .append(span.kind())
                .append(' ')
                .append(span.name())
                .append(span.failed() ? " FAILED" : "")
                .append('\n');
        byParent.getOrDefault(span.id(), List.of()).stream()
                .sorted(ORDER)
                .forEach(child -> draw(child, indent + "  ", byParent, tree));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
