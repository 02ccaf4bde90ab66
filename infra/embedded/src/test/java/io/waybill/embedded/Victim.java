package io.waybill.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;

/** A JVM of its own that starts one server, writes to it, says so and waits to be killed. */
final class Victim {

    static final String KEPT = "kept";

    private Victim() {}

    static Process run(String server, Path folder) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        server,
                        folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = process.inputReader().readLine();
        if (!KEPT.equals(line)) {
            process.destroyForcibly();
            throw new IllegalStateException("The victim said " + line);
        }
        return process;
    }

    static void kill(Process victim) throws InterruptedException {
        victim.destroyForcibly().waitFor();
    }

    /** Kills the victim together with the guard that would stop its server. */
    static void killWithGuard(Process victim) throws InterruptedException {
        victim.children().forEach(guard -> {
            guard.destroyForcibly();
            guard.onExit().join();
        });
        kill(victim);
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        switch (args[0]) {
            case "postgres" -> write(PostgresServer.start(folder, 0));
            case "redis" -> write(RedisServer.start(folder, 0));
            case "amqp" -> write(AmqpServer.start(folder, 0));
            case "folder" -> DataFolder.open(folder);
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.out.println(KEPT);
        System.in.read();
    }

    private static void write(PostgresServer server) throws Exception {
        server.createDatabaseIfAbsent("victim");
        try (var connection = DriverManager.getConnection(server.url("victim"), server.user(), server.password());
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE note (text varchar)");
            statement.execute("INSERT INTO note VALUES ('kept')");
        }
    }

    private static void write(RedisServer server) {
        try (var client = RedisClient.create(server.url())) {
            client.connect().sync().set("note", KEPT);
        }
    }

    private static void write(AmqpServer server) throws Exception {
        try (var connection = factory(server).newConnection();
                var channel = connection.createChannel()) {
            channel.exchangeDeclare("notes", "topic", true);
            channel.queueDeclare("notes", true, false, false, Map.of("x-queue-type", "quorum"));
            channel.queueBind("notes", "notes", "note.#");
            channel.confirmSelect();
            channel.basicPublish("notes", "note.first", MessageProperties.PERSISTENT_TEXT_PLAIN, KEPT.getBytes(UTF_8));
            channel.waitForConfirmsOrDie();
        }
    }

    static ConnectionFactory factory(AmqpServer server) {
        var factory = new ConnectionFactory();
        factory.setPort(server.port());
        factory.setUsername(server.user());
        factory.setPassword(server.password());
        return factory;
    }
}
