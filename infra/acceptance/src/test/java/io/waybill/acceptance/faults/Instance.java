package io.waybill.acceptance.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One process of a context, or a gateway. It keeps its addresses over its lives, and has a link of its own to each
 * server.
 */
final class Instance {

    private static final Duration PROBE = Duration.ofSeconds(2);

    private final String name;
    private final String part;
    private final int port;
    private final int meters;
    private final List<String> command;
    private final Map<String, Link> links;
    private final Path output;
    private final HttpClient probes = HttpClient.newBuilder()
            .connectTimeout(PROBE)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private Program program;
    private volatile boolean ready;
    private volatile boolean endedByItself;

    /**
     * @param part a context's name, or {@code gateway}
     * @param command what starts it, but for the clock
     * @param links by the names of the servers
     */
    Instance(
            String name,
            String part,
            int port,
            int meters,
            List<String> command,
            Map<String, Link> links,
            Path output) {
        this.name = name;
        this.part = part;
        this.port = port;
        this.meters = meters;
        this.command = List.copyOf(command);
        this.links = Map.copyOf(links);
        this.output = output;
    }

    String name() {
        return name;
    }

    String part() {
        return part;
    }

    int port() {
        return port;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    URI meters() {
        return URI.create("http://127.0.0.1:" + meters);
    }

    /** Its link to a server; nothing if it does not use it. */
    Optional<Link> link(Server server) {
        return Optional.ofNullable(links.get(server.name()));
    }

    /** @param clock by how much its clock is wrong */
    void start(Duration clock) {
        var whole = new ArrayList<>(command);
        if (!clock.isZero()) {
            whole.add("--waybill.faults.clock=" + clock);
        }
        program = Program.start(name, whole, Map.of(), output);
    }

    void kill() {
        endedByItself = hasEndedByItself();
        program.kill();
    }

    void stop() {
        endedByItself = hasEndedByItself();
        program.stop();
    }

    void freeze() {
        program.freeze();
    }

    void thaw() {
        program.thaw();
    }

    long memory() {
        return program.memory();
    }

    boolean isAlive() {
        return program.isAlive();
    }

    /** Whether it was gone when somebody came to end it, or is now. */
    boolean hasEndedByItself() {
        return endedByItself || !program.isAlive();
    }

    /** What it was when it was last asked. */
    boolean isReady() {
        return ready;
    }

    /** Asks it, as whoever distributes requests does. */
    boolean probe() {
        String path = part.equals("gateway") ? "/.well-known/jwks.json" : "/readyz";
        ready = isAnswered(path);
        return ready;
    }

    private boolean isAnswered(String path) {
        var request =
                HttpRequest.newBuilder(address().resolve(path)).timeout(PROBE).build();
        try {
            return probes.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void close() {
        if (program != null) {
            program.thaw();
            program.kill();
        }
        links.values().forEach(Link::close);
    }
}
