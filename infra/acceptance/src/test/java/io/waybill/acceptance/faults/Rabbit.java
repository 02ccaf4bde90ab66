package io.waybill.acceptance.faults;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** A RabbitMQ node of its own, with a port mapper of its own. */
final class Rabbit implements Server {

    private final Path output;
    private final int port;
    private final Map<String, String> environment;
    private Program program;

    private Rabbit(Path folder, Path output, int port, int distribution, int mapper) {
        this.output = output;
        this.port = port;
        environment = Map.ofEntries(
                Map.entry("HOME", folder.toString()),
                Map.entry("RABBITMQ_NODENAME", "faults" + port + "@localhost"),
                Map.entry("RABBITMQ_DIST_PORT", "" + distribution),
                Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString()),
                Map.entry("RABBITMQ_LOG_BASE", output.toString()),
                Map.entry(
                        "RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString()),
                Map.entry(
                        "RABBITMQ_CONF_ENV_FILE",
                        folder.resolve("rabbitmq-env.conf").toString()),
                Map.entry(
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        folder.resolve("plugins").toString()),
                Map.entry("RABBITMQ_PID_FILE", folder.resolve("pid").toString()),
                // It becomes the node, and is no shell that waits for one.
                Map.entry("RUNNING_UNDER_SYSTEMD", "1"),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("ERL_EPMD_PORT", "" + mapper));
    }

    /** @param ports three free ones */
    static Rabbit make(Path folder, Path output, List<Integer> ports) throws IOException {
        Files.createDirectory(folder);
        var server = new Rabbit(folder, output, ports.get(0), ports.get(1), ports.get(2));
        Files.writeString(folder.resolve("plugins"), "[].\n");
        Files.writeString(
                folder.resolve("rabbitmq-env.conf"),
                "export ERL_FLAGS=\"-kernel inet_dist_use_interface {127,0,0,1}\"\n");
        Files.writeString(folder.resolve("rabbitmq.conf"), """
            listeners.tcp.local = 127.0.0.1:%d
            log.file.level = warning
            raft.wal_max_size_bytes = 64000000
            """.formatted(server.port));
        server.start();
        return server;
    }

    @Override
    public String name() {
        return "RabbitMQ";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() {
        program = Program.start(
                name(), List.of(Binaries.path("rabbitmq-server")), environment, output.resolve("rabbitmq.log"));
    }

    @Override
    public void kill() {
        program.kill();
    }

    @Override
    public void freeze() {
        program.freeze();
    }

    @Override
    public void thaw() {
        program.thaw();
    }

    @Override
    public boolean answers() {
        try (Connection connection = connect()) {
            return connection.isOpen();
        } catch (IOException | TimeoutException e) {
            return false;
        }
    }

    @Override
    public long memory() {
        return program.memory();
    }

    /** A connection that goes through no link. */
    Connection connect() throws IOException, TimeoutException {
        var factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setConnectionTimeout(2_000);
        factory.setHandshakeTimeout(4_000);
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection("faults");
    }

    /** RabbitMQ takes no messages while less is free than this. */
    void fillDisk() {
        control("set_disk_free_limit", "1000000GB");
    }

    void freeDisk() {
        control("set_disk_free_limit", "50MB");
    }

    @Override
    public void close() {
        if (program != null) {
            program.thaw();
            program.kill();
            // The port mapper ends by itself no more than the node does.
            Program.start("epmd", List.of("epmd", "-kill"), environment, output.resolve("rabbitmqctl.log"));
        }
    }

    private void control(String... arguments) {
        var command = new ArrayList<>(List.of(Binaries.path("rabbitmqctl"), "--quiet"));
        command.addAll(List.of(arguments));
        Program.run(command, environment, output.resolve("rabbitmqctl.log"));
    }
}
