package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The standalone distribution as a child process, started as {@code infra/run} starts it. Its waits are shorter, so
 * that the story of a silent partner takes seconds, yet long enough for a busy machine.
 */
final class Standalone implements RunningSystem, AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(25);
    private static final List<String> WAITS = List.of(
            "-Dwaybill.fulfilment.first-wait=2s",
            "-Dwaybill.fulfilment.max-wait=5s",
            "-Dwaybill.fulfilment.patience=4",
            "-Dwaybill.fulfilment.compensation-retries=1",
            "-Dwaybill.payment.sandbox.slowness=3s",
            "-Dwaybill.tasks.lease=5s");

    private final String name;
    private final Path data;
    private final int port;
    private int starts;
    private Process process;

    private Standalone(String name, Path data, int port) {
        this.name = name;
        this.data = data;
        this.port = port;
    }

    /** A system that has never run yet, with a free port. */
    static Standalone inFreshFolder(String name) {
        try {
            return new Standalone(name, Files.createTempDirectory("waybill-" + name + "-"), freePort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another process that would like to use the data of this one. */
    Standalone rivalForData(String itsName) {
        return new Standalone(itsName, data, freePort());
    }

    /** Another process that would like to listen where this one does. */
    Standalone rivalForPort(String itsName) {
        Standalone fresh = inFreshFolder(itsName);
        return new Standalone(itsName, fresh.data, port);
    }

    Path data() {
        return data;
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public URI gateway() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public String operatorPassword() {
        try {
            return Files.readString(data.resolve("gateway").resolve("operator-password"))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException("The operator's password is not there yet", e);
        }
    }

    /** The launcher writes them anew at every start. */
    @Override
    public Optional<URI> context(String context) {
        var addresses = new Properties();
        try (var reader = Files.newBufferedReader(data.resolve("addresses.properties"))) {
            addresses.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("The data folder does not say where the contexts listen", e);
        }
        return Optional.of(URI.create(addresses.getProperty(context)));
    }

    @Override
    public boolean losesPatienceSoon() {
        return true;
    }

    /** Starts it, for the first time or again, and returns when it is ready. */
    void start() {
        launch();
        within(START_PATIENCE, "the start of " + name)
                .failFast(() -> assertThat(process.isAlive())
                        .as("it ended while it started: %s", output())
                        .isTrue())
                .until(() -> output().contains("Ready after"));
    }

    /** Starts it without expecting that it gets ready. */
    void launch() {
        starts++;
        try {
            Files.createDirectories(outputFile().getParent());
            process = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(outputFile().toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The exit status of a process that ends by itself. */
    int exitStatus() {
        within(START_PATIENCE, "the end of " + name).until(() -> !process.isAlive());
        return process.exitValue();
    }

    /** What it printed since its last start. */
    String output() {
        try {
            return Files.readString(outputFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it without a warning, as {@code kill -9} does. Its PostgreSQL and Redis are orphans then. */
    void kill() {
        process.destroyForcibly();
        within(STOP_PATIENCE, "the end of " + name).until(() -> !process.isAlive());
    }

    /** Stops it, if it runs, and forgets its data. */
    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stop() {
        if (process == null || !process.isAlive()) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(STOP_PATIENCE.toSeconds(), SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path outputFile() {
        return Path.of(
                System.getProperty("waybill.acceptance.output", "target/acceptance"), name + "-" + starts + ".log");
    }

    private List<String> command() {
        String lib = System.getProperty("waybill.lib");
        assertThat(lib).as("the folder of the standalone distribution's jars").isNotNull();
        var command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        command.addAll(List.of("-Xmx1g", "-XX:+ExitOnOutOfMemoryError", "-Dwaybill.lib=" + lib));
        // Newer JDKs warn about what Netty and Berkeley DB still use.
        if (Runtime.version().feature() >= 23) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(WAITS);
        command.addAll(List.of("-cp", lib + "/launcher/*", "io.waybill.standalone.Standalone"));
        command.addAll(List.of("--data", data.toString(), "--port", String.valueOf(port)));
        return command;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
