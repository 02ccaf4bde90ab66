package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** A process of Waybill that a story starts, stops and kills. What it prints is kept in a file of its name. */
record ChildJvm(String name, Process process, Path outputFile) {

    /** Eight processes start side by side, and the machine may be busy with something else. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(40);

    enum Signal {
        /** Asks it to end, as container platforms do. */
        TERM,
        /** Ends it without a warning, as {@code kill -9} does. */
        KILL
    }

    /**
     * Returns at once.
     *
     * @param options for the JVM, its main class, and the arguments of that
     */
    static ChildJvm launch(String name, List<String> options) {
        Path outputFile = Path.of(System.getProperty("waybill.acceptance.output", "target/acceptance"), name + ".log");
        var command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        // Newer JDKs warn about what Netty and Berkeley DB still use.
        if (Runtime.version().feature() >= 23) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.add("-XX:+ExitOnOutOfMemoryError");
        // It lives for a minute: what makes it start fast is worth more than what makes it fast in the end. Benchmarks
        // say something else, as they do for their own JVM.
        Stream.of(System.getProperty("waybill.test.jvm", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
                        .split(" "))
                .filter(option -> !option.isEmpty())
                .forEach(command::add);
        command.addAll(options);
        try {
            Files.createDirectories(outputFile.getParent());
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(outputFile.toFile())
                    .start();
            return new ChildJvm(name, process, outputFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder with the jars of the standalone build: launcher, contexts, gateway. */
    static Path lib() {
        String lib = System.getProperty("waybill.lib");
        assertThat(lib).as("the folder of the standalone distribution's jars").isNotNull();
        return Path.of(lib);
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String output() {
        try {
            return Files.readString(outputFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it is ready, or fails as soon as it ended instead. */
    void awaitReady(Callable<Boolean> ready) {
        within(PATIENCE, "the start of " + name)
                .failFast(() -> assertThat(isAlive())
                        .as("it ended while it started: %s", output())
                        .isTrue())
                .until(ready);
    }

    /** Stops it where it stands, as a machine that hangs does: it says nothing, and its connections stay open. */
    void freeze() {
        signal("STOP");
    }

    /** Lets it go on as if no time had passed. */
    void thaw() {
        signal("CONT");
    }

    /** With the shell's own kill, which is there wherever a shell is. */
    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                    .inheritIO()
                    .start();
            within(STOP_PATIENCE, "the signal to " + name).until(() -> !kill.isAlive());
            assertThat(kill.exitValue()).as("%s takes %s", name, signal).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The exit status of a process that ends by itself. */
    int exitStatus() {
        within(PATIENCE, "the end of " + name).until(() -> !isAlive());
        return process.exitValue();
    }

    /** Ends it and returns when it is gone; one that does not end when it is asked to is killed after a while. */
    void end(Signal signal) {
        if (signal == Signal.KILL) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        try {
            within(STOP_PATIENCE, "the end of " + name).until(() -> !isAlive());
        } finally {
            process.destroyForcibly();
        }
    }
}
