package io.waybill.acceptance;

import static io.waybill.acceptance.ChildJvm.Signal.TERM;

import io.waybill.testing.TestDatabase;
import io.waybill.testing.TestServers;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One process per instance of a context and per gateway, on the PostgreSQL, AMQP broker and Redis that
 * {@link TestServers} settles. Nothing of a context runs until a story wants it to.
 */
final class Distributed implements RunningSystem, AutoCloseable {

    static final List<String> CONTEXTS = List.of("order", "payment", "inventory", "shipping");

    private record Instance(String context, int port, int meters, ChildJvm jvm) {

        boolean isReady() {
            return new Http(() -> at(port)).answers("/readyz");
        }
    }

    /** Each has doors of its own to the contexts, by their names. */
    private record Gateway(int port, Map<String, Balancer> doors, ChildJvm jvm) {

        URI address() {
            return at(port);
        }

        boolean isReady() {
            return new Http(this::address).answers("/");
        }
    }

    private final String name;
    private final String namespace;
    private final List<String> waits;
    private final Path data;
    private final String keys;
    private final String operatorPassword = UUID.randomUUID().toString();
    private final TestDatabase accounts;
    private final Map<String, TestDatabase> databases = new ConcurrentHashMap<>();
    private final List<Gateway> gateways = new CopyOnWriteArrayList<>();
    private final List<Instance> instances = new CopyOnWriteArrayList<>();
    private final Map<String, Equipment> equipment = new ConcurrentHashMap<>();
    private final AtomicInteger starts = new AtomicInteger();
    private volatile boolean measured;

    /**
     * What processes of a context start with, beside what all have.
     *
     * @param jars come first on the class path
     * @param options of the JVM
     */
    record Equipment(List<Path> jars, List<String> options) {

        private static final Equipment NONE = new Equipment(List.of(), List.of());
    }

    private Distributed(String name, String namespace, List<String> waits) {
        this.name = name;
        this.namespace = namespace;
        this.waits = waits;
        this.keys = TestServers.freshNamespace(name);
        this.data = TemporaryFolder.create(name);
        this.accounts = TestServers.freshDatabase(name + "_gateway");
        CONTEXTS.forEach(context -> databases.put(context, TestServers.freshDatabase(name + "_" + context)));
    }

    /**
     * A system with databases of its own, of which only the gateway starts.
     *
     * @param namespace the prefix of its names on the broker; empty on a broker of its own
     * @param waits some of {@link Waits}
     */
    static Distributed open(String name, String namespace, List<String> waits) {
        return open(new Distributed(name, namespace, waits), List.of(Balancer::open), List.of());
    }

    /** The same, and with settings of its gateway. */
    static Distributed open(String name, String namespace, List<String> waits, List<String> settings) {
        return open(new Distributed(name, namespace, waits), List.of(Balancer::open), settings);
    }

    /**
     * The same with two gateways, which share accounts, keys and Redis. The first takes everything to the first
     * instance of each context, the other to the second, while there is one.
     *
     * @param settings of both gateways
     */
    static Distributed openWithTwoGateways(String name, String namespace, List<String> waits, List<String> settings) {
        return open(
                new Distributed(name, namespace, waits),
                List.of(() -> Balancer.preferring(0), () -> Balancer.preferring(1)),
                settings);
    }

    private static Distributed open(Distributed system, List<Supplier<Balancer>> doors, List<String> settings) {
        Runtime.getRuntime().addShutdownHook(new Thread(system::close, "stop-" + system.name));
        doors.forEach(kind -> system.launchGateway(
                CONTEXTS.stream().collect(Collectors.toMap(context -> context, context -> kind.get())), settings));
        return system;
    }

    String namespace() {
        return namespace;
    }

    @Override
    public URI gateway() {
        return gateways.getFirst().address();
    }

    /** The same system, as those see it who come through the other gateway. */
    RunningSystem throughTheOther() {
        return new ThroughAnother(this, gateways.getLast().address());
    }

    private record ThroughAnother(Distributed system, URI gateway) implements RunningSystem {

        @Override
        public URI accounts() {
            return system.accounts();
        }

        @Override
        public String operatorPassword() {
            return system.operatorPassword();
        }

        @Override
        public Optional<URI> context(String context) {
            return system.context(context);
        }

        @Override
        public Optional<Mails> mails() {
            return system.mails();
        }
    }

    /** From their next start on, what the contexts measure can be read. */
    void measure() {
        measured = true;
    }

    /** What the oldest instance of a context measures. */
    Meters meters(String context) {
        return instances.stream()
                .filter(instance -> instance.context().equals(context))
                .map(instance -> Meters.at(at(instance.meters())))
                .findFirst()
                .orElseThrow();
    }

    TestDatabase database(String context) {
        return databases.get(context);
    }

    /** The processes of the gateways, the first one first. */
    List<ChildJvm> gatewayProcesses() {
        return gateways.stream().map(Gateway::jvm).toList();
    }

    /** The processes of a context, the oldest first. */
    List<ChildJvm> processes(String context) {
        return instances.stream()
                .filter(instance -> instance.context().equals(context))
                .map(Instance::jvm)
                .toList();
    }

    @Override
    public String operatorPassword() {
        return operatorPassword;
    }

    @Override
    public Optional<URI> context(String context) {
        return Optional.of(gateways.getFirst().doors().get(context).address());
    }

    @Override
    public Optional<Mails> mails() {
        return Optional.of(Mails.below(data));
    }

    /** Starts what is missing until so many instances of each of these contexts run, and returns at once. */
    void launch(int wanted, String... contexts) {
        for (String context : contexts) {
            for (int running = processes(context).size(); running < wanted; running++) {
                instances.add(launch(context));
            }
        }
    }

    /** The same, and returns when everything is ready, whenever it was launched. */
    void run(int wanted, String... contexts) {
        launch(wanted, contexts);
        gateways.forEach(gateway -> gateway.jvm().awaitReady(gateway::isReady));
        instances.forEach(instance -> {
            instance.jvm().awaitReady(instance::isReady);
            gateways.forEach(gateway -> gateway.doors().get(instance.context()).add(instance.port()));
        });
    }

    void runAll() {
        run(1, CONTEXTS.toArray(String[]::new));
    }

    /** From its next start on. */
    void equip(String context, Equipment with) {
        equipment.put(context, with);
    }

    /** Ends the oldest instance of a context, and returns when it is gone. */
    void end(String context, ChildJvm.Signal signal) {
        Instance oldest = instances.stream()
                .filter(instance -> instance.context().equals(context))
                .findFirst()
                .orElseThrow();
        oldest.jvm().end(signal);
        gateways.forEach(gateway -> gateway.doors().get(context).remove(oldest.port()));
        instances.remove(oldest);
    }

    /**
     * Freezes the oldest instance of a context. As where instances are watched, no new request goes to it meanwhile.
     *
     * @return lets it go on
     */
    Runnable freeze(String context) {
        Instance oldest = instances.stream()
                .filter(instance -> instance.context().equals(context))
                .findFirst()
                .orElseThrow();
        oldest.jvm().freeze();
        gateways.forEach(gateway -> gateway.doors().get(context).remove(oldest.port()));
        return () -> {
            oldest.jvm().thaw();
            gateways.forEach(gateway -> gateway.doors().get(context).add(oldest.port()));
        };
    }

    /** Stops everything and forgets its files. The databases go when the tests' JVM ends. */
    @Override
    public synchronized void close() {
        List<ChildJvm> all = Stream.concat(
                        instances.stream().map(Instance::jvm), gateways.stream().map(Gateway::jvm))
                .toList();
        all.forEach(jvm -> jvm.process().destroy());
        all.forEach(jvm -> jvm.end(TERM));
        instances.clear();
        gateways.forEach(gateway -> gateway.doors().values().forEach(Balancer::close));
        TemporaryFolder.delete(data);
    }

    private Instance launch(String context) {
        int itsPort = ChildJvm.freePort();
        int itsMeters = measured ? ChildJvm.freePort() : 0;
        var arguments = new ArrayList<String>();
        arguments.add("--server.port=" + itsPort);
        arguments.add("--management.server.port=" + itsMeters);
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
        return new Instance(context, itsPort, itsMeters, launch(context, "contexts", main, arguments));
    }

    private void launchGateway(Map<String, Balancer> doors, List<String> settings) {
        int itsPort = ChildJvm.freePort();
        var arguments = new ArrayList<String>();
        arguments.add("--server.port=" + itsPort);
        arguments.add("--management.server.port=0");
        arguments.add("--waybill.data-folder=" + data.resolve("gateway"));
        arguments.add("--waybill.operator.password=" + operatorPassword);
        arguments.add("--" + Visitor.PROXY);
        Accounts.LIMITS.forEach(limit -> arguments.add("--" + limit));
        // Stories that wait for tries and breakers have less time than operators have.
        arguments.add("--waybill.gateway.resilience.first-pause=200ms");
        arguments.add("--waybill.gateway.resilience.open-for=3s");
        add(accounts.springProperties(), arguments);
        doors.forEach((context, door) ->
                arguments.add("--waybill.gateway.contexts.%s=%s".formatted(context, door.address())));
        add(TestServers.redis().springProperties(), arguments);
        add(TestServers.broker().springProperties(), arguments);
        arguments.add("--waybill.messaging.namespace=" + namespace);
        // Systems that share servers are known by their names there.
        arguments.add("--waybill.gateway.cache.key-prefix=" + keys + ":cache:");
        arguments.add("--waybill.gateway.limits.key-prefix=" + keys + ":limits:");
        settings.forEach(setting -> arguments.add("--" + setting));
        ChildJvm jvm = launch("gateway", "gateway", "io.waybill.gateway.GatewayApplication", arguments);
        gateways.add(new Gateway(itsPort, doors, jvm));
    }

    private ChildJvm launch(String part, String folder, String main, List<String> arguments) {
        Equipment with = equipment.getOrDefault(part, Equipment.NONE);
        var options = new ArrayList<>(List.of("-Xmx400m", "-Daxoniq.update-checker.disabled=true"));
        options.addAll(with.options());
        String classPath = Stream.concat(
                        with.jars().stream(), Stream.of(ChildJvm.lib().resolve(folder) + "/*"))
                .map(Object::toString)
                .collect(Collectors.joining(File.pathSeparator));
        options.addAll(List.of("-cp", classPath, main));
        options.addAll(arguments);
        return ChildJvm.launch("%s-%02d-%s".formatted(name, starts.incrementAndGet(), part), options);
    }

    private static URI at(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    private static void add(Map<String, String> properties, List<String> arguments) {
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
    }
}
