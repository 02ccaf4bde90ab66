package io.waybill.acceptance.faults;

import io.waybill.acceptance.audit.Site;
import io.waybill.acceptance.faults.inside.Disturbances;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A whole system on one machine: PostgreSQL, RabbitMQ and Redis of its own, two instances of each context, two
 * gateways, and a link that can be broken between each process and each server. New connections go to instances that
 * are ready; while none is, to any, as load balancers do.
 */
final class Rig implements AutoCloseable {

    static final List<String> CONTEXTS = List.of("order", "payment", "inventory", "shipping");

    static final int HEAP_MEGABYTES = 256;

    private static final int LOWEST_PORT = 20_000;
    private static final int FIRST_PORT_OF_CONNECTIONS = 32_768;
    private static final int INSTANCES = 2;
    private static final Duration START_PATIENCE = Duration.ofMinutes(6);

    /** As often as an eager load balancer asks. */
    private static final Duration PROBES = Duration.ofSeconds(1);

    private static final Duration STEP = Duration.ofMillis(200);

    /** So that two customers may do what thousands do. */
    private static final List<String> LIMITS = Stream.concat(
                    Stream.of("register", "login", "reading", "ordering", "administration", "other")
                            .map(policy -> policy + ".quota=10000"),
                    Stream.of("reading", "ordering", "administration", "other").map(policy -> policy + ".refill=10000"))
            .map(limit -> "--waybill.gateway.limits.policies." + limit)
            .toList();

    private final Path folder;
    private final Path output;
    private final String operatorPassword = UUID.randomUUID().toString();
    private final List<Instance> contexts = new ArrayList<>();
    private final List<Instance> gateways = new ArrayList<>();
    private final List<Link> doors = new ArrayList<>();
    private final ScheduledExecutorService probes =
            Executors.newScheduledThreadPool(4, Thread.ofPlatform().daemon().factory());
    private final Postgres postgres;
    private final Rabbit rabbit;
    private final Redis redis;
    private boolean closed;

    private Rig(Path folder, Path output) throws IOException {
        this.folder = folder;
        this.output = output;
        List<Integer> ports = freePorts(5);
        postgres = Postgres.make(folder.resolve("postgresql"), output, ports.get(0));
        redis = Redis.make(folder.resolve("redis"), output, ports.get(1));
        rabbit = Rabbit.make(folder.resolve("rabbitmq"), output, ports.subList(2, 5));
    }

    /** Starts everything, and returns when it is ready. */
    static Rig start(Path output) throws IOException, SQLException {
        Files.createDirectories(output);
        try (Stream<Path> logs = Files.list(output)) {
            logs.forEach(log -> log.toFile().delete());
        }
        Path folder = Files.createTempDirectory("waybill-faults");
        // Who is somebody else, as PostgreSQL is, has to get to its own part.
        folder.toFile().setExecutable(true, false);
        folder.toFile().setReadable(true, false);
        var rig = new Rig(folder, output);
        Runtime.getRuntime().addShutdownHook(new Thread(rig::close, "stop-rig"));
        for (Server server : rig.servers()) {
            await(server.name() + " answers", START_PATIENCE, server::answers);
        }
        rig.postgres.createDatabases(
                Stream.concat(CONTEXTS.stream(), Stream.of("gateway")).toList());
        rig.lay();
        Stream.concat(rig.gateways.stream(), rig.contexts.stream()).forEach(instance -> instance.start(Duration.ZERO));
        for (Instance instance : rig.instances()) {
            await(instance.name() + " is ready", START_PATIENCE, () -> {
                if (!instance.isAlive()) {
                    throw new IllegalStateException(instance.name() + " ended while it started, see " + output);
                }
                return instance.probe();
            });
            var unused = rig.probes.scheduleWithFixedDelay(
                    instance::probe, PROBES.toMillis(), PROBES.toMillis(), TimeUnit.MILLISECONDS);
        }
        return rig;
    }

    List<Server> servers() {
        return List.of(postgres, rabbit, redis);
    }

    Postgres postgres() {
        return postgres;
    }

    Rabbit rabbit() {
        return rabbit;
    }

    List<Instance> contexts() {
        return Collections.unmodifiableList(contexts);
    }

    List<Instance> gateways() {
        return Collections.unmodifiableList(gateways);
    }

    List<Instance> instances() {
        return Stream.concat(gateways.stream(), contexts.stream()).toList();
    }

    String operatorPassword() {
        return operatorPassword;
    }

    Site site() {
        return new Site(
                gateways.getFirst().address(),
                operatorPassword,
                first("payment").address(),
                first("shipping").address(),
                contexts.stream().map(Instance::meters).toList());
    }

    private Instance first(String context) {
        return contexts.stream()
                .filter(instance -> instance.part().equals(context))
                .findFirst()
                .orElseThrow();
    }

    /** How the partners are from now on: {@code down}, {@code slow}, {@code wrong}, or well if empty. */
    void partners(String mood) {
        try {
            Path next = Files.writeString(folder.resolve("partners.next"), mood);
            Files.move(next, folder.resolve("partners"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void await(String what, Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("In vain it was waited that " + what);
            }
            pause(STEP);
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        // Whoever is interrupted, as where a test took too long, leaves nothing behind nonetheless.
        boolean interrupted = Thread.interrupted();
        probes.shutdownNow();
        instances().forEach(Instance::close);
        doors.forEach(Link::close);
        servers().forEach(Server::close);
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("The folder " + folder + " could not be deleted: " + e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void lay() {
        Link keys = door(this::readyGateways);
        List<Integer> ports = freePorts(2 * INSTANCES * (CONTEXTS.size() + 1));
        var next = ports.iterator();
        for (String context : CONTEXTS) {
            for (int number = 1; number <= INSTANCES; number++) {
                contexts.add(context(context, number, next.next(), next.next(), keys));
            }
        }
        for (int number = 1; number <= INSTANCES; number++) {
            gateways.add(gateway(number, next.next(), next.next()));
        }
    }

    private Link door(Supplier<List<Integer>> targets) {
        Link door = Link.to(targets);
        doors.add(door);
        return door;
    }

    private Map<String, Link> linksTo(Server... used) {
        Map<String, Link> links = new HashMap<>();
        for (Server server : used) {
            links.put(server.name(), Link.to(() -> List.of(server.port())));
        }
        return links;
    }

    private Instance context(String context, int number, int port, int meters, Link keys) {
        Map<String, Link> links = linksTo(postgres, rabbit);
        List<String> command = java("contexts", mainOf(context));
        command.addAll(server(port, meters, links, context));
        command.add("--waybill.data-folder=" + folder.resolve(context + number));
        command.add("--waybill.security.jwk-set-uri=http://127.0.0.1:%d/.well-known/jwks.json".formatted(keys.port()));
        command.add("--waybill.faults.partner=" + folder.resolve("partners"));
        return instance(context, number, port, meters, command, links);
    }

    private Instance gateway(int number, int port, int meters) {
        Map<String, Link> links = linksTo(postgres, rabbit, redis);
        List<String> command = java("gateway", "io.waybill.gateway.GatewayApplication");
        command.addAll(server(port, meters, links, "gateway"));
        // Gateways have one file of keys.
        command.add("--waybill.data-folder=" + folder.resolve("gateway"));
        command.add("--waybill.operator.password=" + operatorPassword);
        command.add("--spring.data.redis.host=127.0.0.1");
        command.add("--spring.data.redis.port=" + links.get(redis.name()).port());
        command.add("--waybill.gateway.limits.gateways=" + INSTANCES);
        command.addAll(LIMITS);
        for (String context : CONTEXTS) {
            Link door = door(turns(context));
            command.add("--waybill.gateway.contexts.%s=http://127.0.0.1:%d".formatted(context, door.port()));
        }
        return instance("gateway", number, port, meters, command, links);
    }

    private Instance instance(
            String part, int number, int port, int meters, List<String> command, Map<String, Link> links) {
        String name = part + " " + number;
        return new Instance(name, part, port, meters, command, links, output.resolve(part + number + ".log"));
    }

    private List<String> server(int port, int meters, Map<String, Link> links, String database) {
        return List.of(
                "--server.port=" + port,
                "--management.server.port=" + meters,
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:%d/%s"
                        .formatted(links.get(postgres.name()).port(), Postgres.database(database)),
                "--spring.datasource.username=" + Postgres.ROLE,
                "--spring.datasource.password=",
                "--spring.rabbitmq.host=127.0.0.1",
                "--spring.rabbitmq.port=" + links.get(rabbit.name()).port());
    }

    private static List<String> java(String lib, String main) {
        String java = ProcessHandle.current().info().command().orElseThrow();
        var command =
                new ArrayList<>(List.of(java, "-Xmx" + HEAP_MEGABYTES + "m", "-Daxoniq.update-checker.disabled=true"));
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Djava.net.preferIPv4Stack=true");
        if (Runtime.version().feature() >= 23) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        Stream.of(System.getProperty("waybill.test.jvm", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
                        .split(" "))
                .filter(option -> !option.isEmpty())
                .forEach(command::add);
        command.add("-cp");
        command.add(Path.of(System.getProperty("waybill.lib"), lib) + "/*"
                + (lib.equals("contexts") ? ":" + ownClasses() : ""));
        command.add(main);
        return command;
    }

    private static Path ownClasses() {
        return Path.of(URI.create(Disturbances.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
    }

    private static String mainOf(String context) {
        return "io.waybill.%s.%sApplication"
                .formatted(context, Character.toUpperCase(context.charAt(0)) + context.substring(1));
    }

    /** The instances of a context take turns; those that are not ready come last. */
    private Supplier<List<Integer>> turns(String context) {
        var turn = new AtomicInteger();
        return () -> {
            List<Instance> all = contexts.stream()
                    .filter(instance -> instance.part().equals(context))
                    .toList();
            List<Instance> ready =
                    new ArrayList<>(all.stream().filter(Instance::isReady).toList());
            List<Instance> order = ready.isEmpty() ? new ArrayList<>(all) : ready;
            Collections.rotate(order, turn.getAndIncrement());
            return order.stream().map(Instance::port).toList();
        };
    }

    private List<Integer> readyGateways() {
        return gateways.stream()
                .sorted(Comparator.comparing(instance -> !instance.isReady()))
                .map(Instance::port)
                .toList();
    }

    /**
     * They are held until all are found, so that none is found twice. They lie below those that connections get at
     * their own end: a system of so many connections would take some of them before their processes do.
     */
    private static List<Integer> freePorts(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            while (held.size() < count) {
                var socket = new ServerSocket();
                held.add(socket);
                int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, FIRST_PORT_OF_CONNECTIONS);
                try {
                    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
                } catch (BindException taken) {
                    held.remove(socket);
                    socket.close();
                }
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            for (ServerSocket socket : held) {
                try {
                    socket.close();
                } catch (IOException e) {
                    System.err.println("A port stays taken: " + e);
                }
            }
        }
    }
}
