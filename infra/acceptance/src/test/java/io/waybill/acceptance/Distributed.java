package io.waybill.acceptance;

import static io.waybill.acceptance.ChildJvm.Signal.TERM;

import io.waybill.testing.TestDatabase;
import io.waybill.testing.TestServers;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One process per instance of a context and one for the gateway, on the PostgreSQL, AMQP broker and Redis that
 * {@link TestServers} settles. Nothing of a context runs until a story wants it to.
 */
final class Distributed implements RunningSystem, AutoCloseable {

    static final List<String> CONTEXTS = List.of("order", "payment", "inventory", "shipping");

    private record Instance(String context, int port, ChildJvm jvm) {

        boolean isReady() {
            return new Http(() -> URI.create("http://127.0.0.1:" + port)).answers("/actuator/health");
        }
    }

    private final String name;
    private final String namespace;
    private final List<String> waits;
    private final Path data;
    private final String operatorPassword = UUID.randomUUID().toString();
    private final int port = ChildJvm.freePort();
    private final TestDatabase accounts;
    private final Map<String, TestDatabase> databases = new ConcurrentHashMap<>();
    private final Map<String, Balancer> doors = new ConcurrentHashMap<>();
    private final List<Instance> instances = new CopyOnWriteArrayList<>();
    private final AtomicInteger starts = new AtomicInteger();
    private ChildJvm gateway;

    private Distributed(String name, String namespace, List<String> waits) {
        this.name = name;
        this.namespace = namespace;
        this.waits = waits;
        this.data = TemporaryFolder.create(name);
        this.accounts = TestServers.freshDatabase(name + "_gateway");
        CONTEXTS.forEach(context -> {
            databases.put(context, TestServers.freshDatabase(name + "_" + context));
            doors.put(context, Balancer.open());
        });
    }

    /**
     * A system with databases of its own, of which only the gateway runs.
     *
     * @param namespace the prefix of its names on the broker; empty on a broker of its own
     * @param waits some of {@link Waits}
     */
    static Distributed open(String name, String namespace, List<String> waits) {
        var system = new Distributed(name, namespace, waits);
        Runtime.getRuntime().addShutdownHook(new Thread(system::close, "stop-" + name));
        system.startGateway();
        return system;
    }

    String namespace() {
        return namespace;
    }

    @Override
    public URI gateway() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public String operatorPassword() {
        return operatorPassword;
    }

    @Override
    public Optional<URI> context(String context) {
        return Optional.of(doors.get(context).address());
    }

    @Override
    public Optional<Mails> mails() {
        return Optional.of(Mails.below(data));
    }

    /** Starts what is missing until so many instances of each of these contexts run and are ready. */
    void run(int wanted, String... contexts) {
        List<Instance> launched = Arrays.stream(contexts)
                .flatMap(context -> launchMissing(wanted, context).stream())
                .toList();
        launched.forEach(instance -> {
            instance.jvm().awaitReady(instance::isReady);
            doors.get(instance.context()).add(instance.port());
            instances.add(instance);
        });
    }

    void runAll() {
        run(1, CONTEXTS.toArray(String[]::new));
    }

    /** Ends the oldest instance of a context, and returns when it is gone. */
    void end(String context, ChildJvm.Signal signal) {
        Instance oldest = instances.stream()
                .filter(instance -> instance.context().equals(context))
                .findFirst()
                .orElseThrow();
        oldest.jvm().end(signal);
        doors.get(context).remove(oldest.port());
        instances.remove(oldest);
    }

    /** Stops everything and forgets its files. The databases go when the tests' JVM ends. */
    @Override
    public synchronized void close() {
        instances.forEach(instance -> instance.jvm().process().destroy());
        gateway.process().destroy();
        instances.forEach(instance -> instance.jvm().end(TERM));
        gateway.end(TERM);
        instances.clear();
        doors.values().forEach(Balancer::close);
        TemporaryFolder.delete(data);
    }

    private List<Instance> launchMissing(int wanted, String context) {
        long running = instances.stream()
                .filter(instance -> instance.context().equals(context))
                .count();
        var launched = new ArrayList<Instance>();
        for (long i = running; i < wanted; i++) {
            launched.add(launch(context));
        }
        return launched;
    }

    private Instance launch(String context) {
        int itsPort = ChildJvm.freePort();
        var arguments = new ArrayList<String>();
        arguments.add("--server.port=" + itsPort);
        arguments.add("--waybill.data-folder=" + data.resolve(context));
        arguments.add("--waybill.security.jwk-set-uri=" + gateway().resolve("/.well-known/jwks.json"));
        arguments.add("--waybill.messaging.namespace=" + namespace);
        // What it leaves behind on a broker that lives on goes away, but not while a story keeps a context away.
        arguments.add("--waybill.messaging.queue-expiry=1h");
        // Many instances share a server that may grant no more than a hundred connections.
        arguments.add("--spring.datasource.hikari.maximum-pool-size=8");
        arguments.add("--spring.datasource.hikari.minimum-idle=1");
        arguments.add("--spring.datasource.hikari.idle-timeout=10000");
        waits.forEach(wait -> arguments.add("--" + wait));
        add(databases.get(context).springProperties(), arguments);
        add(TestServers.broker().springProperties(), arguments);
        String main = "io.waybill.%s.%sApplication"
                .formatted(context, Character.toUpperCase(context.charAt(0)) + context.substring(1));
        return new Instance(context, itsPort, launch(context, "contexts", main, arguments));
    }

    private void startGateway() {
        var arguments = new ArrayList<String>();
        arguments.add("--server.port=" + port);
        arguments.add("--management.server.port=0");
        arguments.add("--waybill.data-folder=" + data.resolve("gateway"));
        arguments.add("--waybill.operator.password=" + operatorPassword);
        arguments.add("--" + Visitor.PROXY);
        // Stories that wait for tries and breakers have less time than operators have.
        arguments.add("--waybill.gateway.resilience.first-pause=200ms");
        arguments.add("--waybill.gateway.resilience.open-for=3s");
        add(accounts.springProperties(), arguments);
        doors.forEach((context, door) ->
                arguments.add("--waybill.gateway.contexts.%s=%s".formatted(context, door.address())));
        add(TestServers.redis().springProperties(), arguments);
        add(TestServers.broker().springProperties(), arguments);
        arguments.add("--waybill.messaging.namespace=" + namespace);
        gateway = launch("gateway", "gateway", "io.waybill.gateway.GatewayApplication", arguments);
        gateway.awaitReady(() -> new Http(this::gateway).answers("/"));
    }

    private ChildJvm launch(String part, String folder, String main, List<String> arguments) {
        var options = new ArrayList<>(List.of("-Xmx400m", "-Daxoniq.update-checker.disabled=true"));
        // It lives for a minute: what makes it start fast is worth more than what makes it fast in the end.
        options.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        options.addAll(List.of("-cp", ChildJvm.lib().resolve(folder) + "/*", main));
        options.addAll(arguments);
        return ChildJvm.launch("%s-%02d-%s".formatted(name, starts.incrementAndGet(), part), options);
    }

    private static void add(Map<String, String> properties, List<String> arguments) {
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
    }
}
