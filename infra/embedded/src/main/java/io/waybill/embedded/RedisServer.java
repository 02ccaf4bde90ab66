package io.waybill.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/**
 * A Redis 6.2 server beside this JVM, on 127.0.0.1 only, with a password drawn at the first start.
 *
 * <p>Every write goes to its append-only file before the answer, and to the disk within a second: killing the JVM or
 * Redis loses nothing, a power cut at most the last second, which suits what Waybill keeps here (counters and cached
 * answers). When its memory is full it refuses to write: nothing here may go before its time.
 *
 * <p>The binaries are those of embedded-redis. Its starter is not used, because its shutdown hook stops Redis while its
 * clients still run, and because it does not know a server that a killed JVM left behind; here such an orphan is
 * stopped first.
 */
public final class RedisServer implements AutoCloseable {

    private static final String PROGRAM = "redis-server";
    private static final String STATIC_LINUX_BINARY = "/redis-server-6.2.7-linux-386";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final DataFolder folder;
    private final int port;
    private final Daemon daemon;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RedisServer(DataFolder folder, int port, Daemon daemon) {
        this.folder = folder;
        this.port = port;
        this.daemon = daemon;
    }

    /**
     * Starts a server on the folder and waits until it has loaded what it kept there.
     *
     * @param port the port to listen on, or 0 for any free one
     * @throws EmbeddedServerException if the folder is in use, the port is taken or the server does not start
     */
    public static RedisServer start(Path folder, int port) {
        return start(DataFolder.open(folder), port);
    }

    /** Starts a server for tests on a temporary folder and a free port; its data goes when it is closed. */
    public static RedisServer temporary() {
        return start(DataFolder.temporary("waybill-redis-"), 0);
    }

    private static RedisServer start(DataFolder folder, int port) {
        try {
            running(folder).ifPresent(orphan -> orphan.stop(PATIENCE));
            return launch(folder, FreePorts.resolve(port));
        } catch (EmbeddedServerException e) {
            folder.close();
            throw e;
        }
    }

    /** The address with the password, as Redis clients and Spring's {@code spring.data.redis.url} take it. */
    public String url() {
        return "redis://:%s@127.0.0.1:%d".formatted(password(), port);
    }

    /** The password of the default user. */
    public String password() {
        return folder.secret("password");
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** Stops the server and waits for its end. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                daemon.release();
                daemon.stop(PATIENCE);
            } finally {
                folder.close();
            }
        }
    }

    private static RedisServer launch(DataFolder folder, int port) {
        try {
            Files.deleteIfExists(pidFile(folder));
            Files.deleteIfExists(log(folder));
            folder.writePrivately(configuration(folder), settings(folder, port));
            String program = executable(folder).toString();
            var outcome =
                    Program.run(PATIENCE, List.of(program, configuration(folder).toString()));
            if (!outcome.succeeded()) {
                throw new EmbeddedServerException("Redis does not start: " + outcome.output());
            }
        } catch (IOException e) {
            throw DataFolder.unusable(folder.path(), e);
        }
        return new RedisServer(folder, port, awaitReady(folder, port));
    }

    private static Daemon awaitReady(DataFolder folder, int port) {
        String password = folder.secret("password");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (answers(port, password)) {
                Daemon daemon = running(folder).orElseThrow(() -> failed(folder));
                daemon.guardWith(List.of("kill", "-s", "TERM", String.valueOf(daemon.pid())));
                return daemon;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        running(folder).ifPresent(daemon -> daemon.stop(PATIENCE));
        throw failed(folder);
    }

    private static EmbeddedServerException failed(DataFolder folder) {
        return new EmbeddedServerException("Redis did not start; its log is " + log(folder) + ".");
    }

    private static boolean answers(int port, String password) {
        try (var socket = new Socket(FreePorts.loopback(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write("AUTH %s\r\nPING\r\n".formatted(password).getBytes(US_ASCII));
            var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            return "+OK".equals(answers.readLine()) && "+PONG".equals(answers.readLine());
        } catch (IOException notYet) {
            return false;
        }
    }

    private static File executable(DataFolder folder) throws IOException {
        File bin = Files.createDirectories(folder.resolve("bin")).toFile();
        File executable = ExecutableProvider.newJarResourceProvider(bin).get();
        boolean needsMissingLibrary = !Program.run(PATIENCE, List.of(executable.toString(), "--version"))
                .succeeded();
        if (needsMissingLibrary && OsArchitecture.UNIX_x86_64.equals(OsArchitecture.detectOSandArchitecture())) {
            // Linked statically, it runs without OpenSSL 3.
            var binaries = Map.of(OsArchitecture.UNIX_x86_64, STATIC_LINUX_BINARY);
            return ExecutableProvider.newJarResourceProvider(() -> bin, binaries)
                    .get();
        }
        return executable;
    }

    private static String settings(DataFolder folder, int port) {
        return """
            bind 127.0.0.1
            port %d
            requirepass %s
            dir "%s"
            pidfile "%s"
            logfile "%s"
            loglevel warning
            daemonize yes
            set-proc-title no
            save ""
            appendonly yes
            appendfsync everysec
            maxmemory 256mb
            maxmemory-policy noeviction
            """.formatted(port, folder.secret("password"), folder.path(), pidFile(folder), log(folder));
    }

    private static Optional<Daemon> running(DataFolder folder) {
        return Daemon.ofPidFile(pidFile(folder), PROGRAM, configuration(folder));
    }

    private static Path configuration(DataFolder folder) {
        return folder.resolve("redis.conf");
    }

    private static Path pidFile(DataFolder folder) {
        return folder.resolve("redis.pid");
    }

    private static Path log(DataFolder folder) {
        return folder.resolve("redis.log");
    }
}
