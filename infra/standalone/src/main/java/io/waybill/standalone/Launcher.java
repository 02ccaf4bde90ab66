package io.waybill.standalone;

import io.waybill.embedded.AmqpServer;
import io.waybill.embedded.DataFolder;
import io.waybill.embedded.EmbeddedServerException;
import io.waybill.embedded.FreePorts;
import io.waybill.embedded.PostgresServer;
import io.waybill.embedded.RedisServer;
import io.waybill.standalone.demo.Outage;
import io.waybill.standalone.traces.TraceServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts the servers, then the applications; what depends on nothing else starts at the same time. */
final class Launcher {

    private static final String GATEWAY = "io.waybill.gateway.GatewayApplication";
    /**
     * Each application says once that its traces cannot be sent; and Tomcat takes every thread that is stopped after it
     * for a leak. Kept, because the JVM forgets what a logger was told together with the logger.
     */
    private static final List<Logger> SILENT = Stream.of("io.opentelemetry", "org.apache.catalina.loader")
            .map(Logger::getLogger)
            .toList();

    private static final int FOLDER_LEVEL = 0;
    private static final int SERVER_LEVEL = 1;
    private static final int FIRST_CONTEXT_LEVEL = 2;

    private final Options options;
    private final Path lib;
    private final Console console;
    private final Running running;
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("start-", 0).factory());

    /** Takes jars from the folders of {@code lib}, and hands everything that it started to {@code running}. */
    Launcher(Options options, Path lib, Console console, Running running) {
        this.options = options;
        this.lib = lib;
        this.console = console;
        this.running = running;
    }

    /**
     * Returns when everything is ready, with the shipping context, which the demo takes away for a while.
     *
     * @throws StartException if a part does not start; what started before it is in the hands of {@code running}
     */
    Outage start() {
        var folder = DataFolder.open(options.data());
        running.add(FOLDER_LEVEL, "data folder", folder);
        Preflight.requireRoom(folder);
        Preflight.requireFree(options.port());
        console.starting(options);
        prepareLogging(folder);
        Outage shipping = startApplications(startServers(folder));
        threads.shutdown();
        return shipping;
    }

    /** Each class loader logs to its own file and in our format, which Spring Boot's logging would override. */
    private static void prepareLogging(DataFolder folder) {
        System.setProperty("waybill.logs", folder.resolve("logs").toString());
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tT %4$-7s %3$s: %5$s%6$s%n");
        LogManager.getLogManager().getLogger("").setLevel(Level.WARNING);
        SILENT.forEach(logger -> logger.setLevel(Level.OFF));
    }

    private Servers startServers(DataFolder folder) {
        var starts = new ExecutorCompletionService<AutoCloseable>(threads);
        var postgres = submit(starts, SERVER_LEVEL, "PostgreSQL", () -> startPostgres(folder.resolve("postgresql")));
        var amqp = submit(starts, SERVER_LEVEL, "AMQP broker", () -> AmqpServer.start(folder.resolve("amqp"), 0));
        var redis = submit(starts, SERVER_LEVEL, "Redis", () -> RedisServer.start(folder.resolve("redis"), 0));
        Optional<Future<AutoCloseable>> traces = options.traces()
                ? Optional.of(submit(starts, SERVER_LEVEL, "Zipkin", () -> startZipkin(folder.resolve("logs"))))
                : Optional.empty();
        await(starts, traces.isPresent() ? 4 : 3);
        var servers = new Servers(
                (PostgresServer) postgres.resultNow(),
                (AmqpServer) amqp.resultNow(),
                (RedisServer) redis.resultNow(),
                traces.map(server -> (TraceServer) server.resultNow()));
        servers.traces().ifPresent(server -> console.traces(server.ui()));
        return servers;
    }

    private static TraceServer startZipkin(Path logs) throws IOException {
        String jar = System.getProperty("waybill.traces.jar");
        if (jar == null) {
            throw new StartException("Start Waybill with infra/run to see traces.");
        }
        return TraceServer.start(Path.of(jar), logs.resolve("zipkin.log"));
    }

    private static PostgresServer startPostgres(Path folder) {
        var postgres = PostgresServer.start(folder, 0);
        for (Context context : Context.values()) {
            postgres.createDatabaseIfAbsent(context.database());
        }
        postgres.createDatabaseIfAbsent("waybill_gateway");
        return postgres;
    }

    private Restartable startApplications(Servers servers) {
        Iterator<Integer> free = FreePorts.find(2 * Context.values().length + 1).iterator();
        var ports = new EnumMap<Context, Integer>(Context.class);
        var managementPorts = new EnumMap<Context, Integer>(Context.class);
        for (Context context : Context.values()) {
            ports.put(context, free.next());
            managementPorts.put(context, free.next());
        }
        int managementPort = free.next();
        tellAddresses(ports, managementPorts, managementPort);
        List<String> gatewayArguments = Arguments.ofGateway(managementPort, ports, servers, options);
        var starts = new ExecutorCompletionService<AutoCloseable>(threads);
        var pending = new EnumMap<Context, Future<AutoCloseable>>(Context.class);
        var contexts = IsolatedJars.in(lib.resolve("contexts"));
        ports.forEach((context, port) -> {
            String name = context.id() + " context";
            var arguments =
                    Arguments.of(context, port, Objects.requireNonNull(managementPorts.get(context)), servers, options);
            pending.put(
                    context,
                    submit(
                            starts,
                            FIRST_CONTEXT_LEVEL + pending.size(),
                            name,
                            () -> Restartable.start(name, () -> contexts.start(context.mainClass(), arguments))));
        });
        var gateway = IsolatedJars.in(lib.resolve("gateway"));
        var unused = submit(
                starts,
                FIRST_CONTEXT_LEVEL + pending.size(),
                "gateway",
                () -> gateway.start(GATEWAY, gatewayArguments));
        await(starts, pending.size() + 1);
        return (Restartable)
                Objects.requireNonNull(pending.get(Context.SHIPPING)).resultNow();
    }

    /** Says where to find what the gateway does not route, such as the sandboxes' books, and the meters. */
    private void tellAddresses(Map<Context, Integer> ports, Map<Context, Integer> managementPorts, int managementPort) {
        String addresses = Stream.of(
                        ports.entrySet().stream()
                                .map(port -> address(port.getKey().id(), port.getValue())),
                        managementPorts.entrySet().stream()
                                .map(port -> address(port.getKey().id() + "-management", port.getValue())),
                        Stream.of(address("gateway-management", managementPort)))
                .flatMap(Function.identity())
                .collect(Collectors.joining());
        try {
            Files.writeString(options.data().resolve("addresses.properties"), addresses);
        } catch (IOException e) {
            throw new StartException("The data folder cannot be written: " + e.getMessage(), e);
        }
    }

    private static String address(String part, int port) {
        return "%s=http://127.0.0.1:%d%n".formatted(part, port);
    }

    private Future<AutoCloseable> submit(
            ExecutorCompletionService<AutoCloseable> starts, int level, String name, Callable<AutoCloseable> start) {
        return starts.submit(() -> {
            long begin = System.nanoTime();
            AutoCloseable part = start(name, start);
            running.add(level, name, part);
            console.started(name, System.nanoTime() - begin);
            return part;
        });
    }

    private static AutoCloseable start(String name, Callable<AutoCloseable> start) {
        try {
            return start.call();
        } catch (EmbeddedServerException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (Exception e) {
            throw StartException.of(name, e);
        }
    }

    /** Fails with the first that fails, without waiting for the others. */
    private static void await(ExecutorCompletionService<AutoCloseable> starts, int count) {
        for (int i = 0; i < count; i++) {
            try {
                starts.take().get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof StartException failure ? failure : StartException.of("Waybill", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StartException("The start was interrupted.", e);
            }
        }
    }
}
