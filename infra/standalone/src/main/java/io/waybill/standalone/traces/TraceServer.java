package io.waybill.standalone.traces;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.waybill.embedded.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Zipkin in a process of its own, which ends with this one, and a collector that takes what the applications send and
 * hands it on in Zipkin's form. Both listen on loopback, and what was collected is forgotten at the end.
 */
public final class TraceServer implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String COLLECTOR = "/v1/traces";
    private static final Duration PATIENCE_TO_START = Duration.ofMinutes(2);
    private static final Duration PATIENCE_TO_STOP = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Ends with the program, and ends it when the JVM that started it has closed its pipe, however it went. */
    private static final String GUARD = """
        exec 3<&0
        "$@" 3<&- < /dev/null &
        child=$!
        { read -r nothing <&3; kill "$child"; } &
        reader=$!
        trap '' HUP INT TERM
        wait "$child"
        kill "$reader"
        """;

    private final Process zipkin;
    private final int port;
    private final HttpServer collector;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private TraceServer(Process zipkin, int port, HttpServer collector) {
        this.zipkin = zipkin;
        this.port = port;
        this.collector = collector;
    }

    /**
     * Returns when it can be used.
     *
     * @param jar Zipkin's server, as it is published
     * @param log where Zipkin tells how it is
     * @throws IOException if it does not start
     */
    public static TraceServer start(Path jar, Path log) throws IOException {
        int port = FreePorts.find(1).getFirst();
        Files.createDirectories(log.toAbsolutePath().getParent());
        Process zipkin = new ProcessBuilder(
                        "sh",
                        "-c",
                        GUARD,
                        "zipkin",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-jar",
                        jar.toString(),
                        "--server.port=" + port,
                        // By itself it would listen to the whole network.
                        "--armeria.ports[0].address=" + LOOPBACK,
                        "--armeria.ports[0].port=" + port,
                        "--armeria.ports[0].protocols[0]=http")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var server = new TraceServer(
                zipkin, port, HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        try {
            server.awaitZipkin(log);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        server.collector.createContext(COLLECTOR, server::receive);
        server.collector.setExecutor(server.threads);
        server.collector.start();
        return server;
    }

    /** Where people look at traces. */
    public URI ui() {
        return URI.create("http://%s:%d/zipkin/".formatted(LOOPBACK, port));
    }

    /** Settings of applications that send all their traces here. */
    public List<String> settings() {
        return List.of(
                "--management.otlp.tracing.endpoint=http://%s:%d%s"
                        .formatted(LOOPBACK, collector.getAddress().getPort(), COLLECTOR),
                "--management.tracing.sampling.probability=1.0",
                "--management.tracing.opentelemetry.export.schedule-delay=500ms",
                "--waybill.tracing.ui-url=" + ui() + "traces/{traceId}");
    }

    private void awaitZipkin(Path log) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_TO_START.toNanos();
        while (!isUp()) {
            if (!zipkin.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("Zipkin does not start; " + log + " says why");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private boolean isUp() {
        try {
            return send(HttpRequest.newBuilder(at("/health")).GET()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange;
                var body = exchange.getRequestBody()) {
            String spans =
                    ZipkinSpans.of(ExportTraceServiceRequest.parseFrom(body)).toString();
            int status = send(HttpRequest.newBuilder(at("/api/v2/spans"))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(spans)))
                    .statusCode();
            exchange.sendResponseHeaders(status < 300 ? 200 : 503, -1);
        }
    }

    private HttpResponse<Void> send(HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.discarding());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while Zipkin was asked", e);
        }
    }

    private URI at(String path) {
        return URI.create("http://%s:%d%s".formatted(LOOPBACK, port, path));
    }

    @Override
    public void close() throws IOException {
        collector.stop(0);
        threads.shutdownNow();
        client.shutdownNow();
        zipkin.getOutputStream().close();
        try {
            if (!zipkin.waitFor(PATIENCE_TO_STOP.toSeconds(), TimeUnit.SECONDS)) {
                zipkin.descendants().forEach(ProcessHandle::destroyForcibly);
                zipkin.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
