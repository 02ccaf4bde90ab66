package io.waybill.embedded;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.BrokerImpl;
import org.apache.qpid.server.model.ConfiguredObject;
import org.apache.qpid.server.model.State;
import org.apache.qpid.server.model.SystemConfig;
import org.apache.qpid.server.model.VirtualHost;
import org.apache.qpid.server.model.VirtualHostNode;
import org.jspecify.annotations.Nullable;

/**
 * An AMQP 0-9-1 broker (Apache Qpid Broker-J) inside this JVM, on 127.0.0.1 only, with a password drawn at the first
 * start.
 *
 * <p>Durable exchanges, queues and bindings, and the persistent messages whose confirm the publisher got, are on the
 * disk and survive a crash. It differs from RabbitMQ: queue arguments that it does not know (quorum queues,
 * dead-lettering, time to live, limits) are accepted and have no effect, and an unroutable mandatory message is
 * returned and then nacked.
 */
public final class AmqpServer implements AutoCloseable {

    private static final String USER = "waybill";

    private final DataFolder folder;
    private final int port;
    private final SystemLauncher broker;
    private final AtomicBoolean closed = new AtomicBoolean();

    private AmqpServer(DataFolder folder, int port, SystemLauncher broker) {
        this.folder = folder;
        this.port = port;
        this.broker = broker;
    }

    /**
     * Starts a broker on the folder and waits until it takes connections.
     *
     * @param port the port to listen on, or 0 for any free one
     * @throws EmbeddedServerException if the folder is in use, the port is taken or the broker does not start
     */
    public static AmqpServer start(Path folder, int port) {
        return start(DataFolder.open(folder), port);
    }

    /** Starts a broker for tests on a temporary folder and a free port; its data goes when it is closed. */
    public static AmqpServer temporary() {
        return start(DataFolder.temporary("waybill-amqp-"), 0);
    }

    private static AmqpServer start(DataFolder folder, int port) {
        try {
            return launch(folder, FreePorts.resolve(port));
        } catch (EmbeddedServerException e) {
            folder.close();
            throw e;
        }
    }

    /** The address without credentials, as AMQP clients take it; the virtual host is {@code /}. */
    public String url() {
        return "amqp://127.0.0.1:" + port;
    }

    /** The only user. */
    public String user() {
        return USER;
    }

    /** The password of {@link #user()}. */
    public String password() {
        return folder.secret("password");
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    Path folder() {
        return folder.path();
    }

    /** Disconnects the clients and stops the broker. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                broker.shutdown();
            } finally {
                folder.close();
            }
        }
    }

    private static AmqpServer launch(DataFolder folder, int port) {
        var watch = new StartWatch();
        var broker = new SystemLauncher(watch);
        try {
            Path configuration = folder.resolve("broker.json");
            folder.writePrivately(configuration, configuration(folder, port));
            Path state = folder.resolve("broker-state.json");
            Files.deleteIfExists(state);
            broker.startup(Map.of(
                    "type",
                    "JSON",
                    "storePath",
                    state.toString(),
                    SystemConfig.INITIAL_CONFIGURATION_LOCATION,
                    configuration.toUri().toString(),
                    SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT,
                    "false",
                    "context",
                    Map.of(
                            SystemConfig.QPID_WORK_DIR,
                            folder.path().toString(),
                            SystemConfig.POSIX_FILE_PERMISSIONS,
                            "rw-------")));
        } catch (IOException e) {
            throw DataFolder.unusable(folder.path(), e);
        } catch (Exception e) {
            broker.shutdown();
            throw new EmbeddedServerException("The AMQP broker does not start: " + e.getMessage(), e);
        }
        String problem = watch.problem();
        if (problem != null) {
            broker.shutdown();
            throw new EmbeddedServerException("The AMQP broker does not start: " + problem);
        }
        watch.forgetShutdownHook();
        return new AmqpServer(folder, port, broker);
    }

    /**
     * The broker's own parts are described anew at every start; the store remembers queues and messages. Left alone,
     * the broker would block publishers on a disk that is 90 % full, the store refuse writes below 5 GB of free space,
     * and its cache grow to 60 % of the heap.
     */
    private static String configuration(DataFolder folder, int port) {
        return """
            {
              "name": "waybill",
              "modelVersion": "8.0",
              "context": {
                "queue.behaviourOnUnknownDeclareArgument": "IGNORE",
                "qpid.port.closeWhenNoRoute": "false",
                "store.filesystem.maxUsagePercent": "100",
                "je.freeDisk": "67108864",
                "je.maxMemory": "67108864"
              },
              "authenticationproviders": [{
                "name": "password",
                "type": "Plain",
                "secureOnlyMechanisms": [],
                "users": [{"name": "%s", "type": "managed", "password": "%s"}]
              }],
              "ports": [{
                "name": "amqp",
                "type": "AMQP",
                "port": %d,
                "bindingAddress": "127.0.0.1",
                "protocols": ["AMQP_0_9_1"],
                "authenticationProvider": "password",
                "virtualhostaliases": [
                  {"name": "nameAlias", "type": "nameAlias"},
                  {"name": "defaultAlias", "type": "defaultAlias"}
                ]
              }],
              "virtualhostnodes": [{
                "name": "waybill",
                "type": "BDB",
                "defaultVirtualHostNode": "true",
                "storePath": "${qpid.work_dir}/store",
                "virtualHostInitialConfiguration": "{\\"type\\": \\"BDB\\"}"
              }]
            }
            """.formatted(USER, folder.secret("password"), port);
    }

    /** Remembers what {@link SystemLauncher#startup} keeps to itself: it returns normally when parts did not start. */
    private static final class StartWatch extends SystemLauncherListener.DefaultSystemLauncherListener {

        private @Nullable SystemConfig<?> system;
        private @Nullable String error;

        @Override
        public void onContainerResolve(SystemConfig<?> resolved) {
            system = resolved;
        }

        @Override
        public void errorOnStartup(RuntimeException e) {
            error = e.getMessage();
        }

        @Nullable
        String problem() {
            if (error != null) {
                return error;
            }
            Broker<?> broker = broker();
            if (broker == null) {
                return "it did not come up";
            }
            return Stream.of(broker.getVirtualHostNodes(), hosts(broker), broker.getPorts())
                    .map(StartWatch::problem)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }

        /**
         * Has the broker stop when it is told to. Its own shutdown hook, against which there is no setting, would stop
         * it while its clients still end their work.
         */
        void forgetShutdownHook() {
            try {
                Field hook = BrokerImpl.class.getDeclaredField("_shutdownHook");
                hook.setAccessible(true);
                Runtime.getRuntime().removeShutdownHook((Thread) hook.get(broker()));
            } catch (ReflectiveOperationException e) {
                throw new EmbeddedServerException("This version of the AMQP broker is not supported.", e);
            }
        }

        private @Nullable Broker<?> broker() {
            return system != null && system.getContainer() instanceof Broker<?> broker ? broker : null;
        }

        private static List<VirtualHost<?>> hosts(Broker<?> broker) {
            var hosts = new ArrayList<VirtualHost<?>>();
            for (VirtualHostNode<?> node : broker.getVirtualHostNodes()) {
                VirtualHost<?> host = node.getVirtualHost();
                if (host != null) {
                    hosts.add(host);
                }
            }
            return hosts;
        }

        private static @Nullable String problem(Collection<? extends ConfiguredObject<?>> parts) {
            for (ConfiguredObject<?> part : parts) {
                if (part.getState() != State.ACTIVE) {
                    return "%s %s is %s"
                            .formatted(part.getCategoryClass().getSimpleName(), part.getName(), part.getState());
                }
            }
            return parts.isEmpty() ? "a part is missing" : null;
        }
    }
}
