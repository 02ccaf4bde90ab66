package io.waybill.gateway.performance;

import io.waybill.testing.ContextProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A Java program in a process of its own, so that its processor time can be told from everybody else's. */
final class Program implements AutoCloseable {

    private final Process process;
    private final Path log;

    private Program(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it, and waits until it listens on the port. Its main method ends with its parent. */
    static Program start(String name, Class<?> main, int port, List<String> arguments) {
        var log = Path.of("target", "performance-" + name + ".log");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            var program = new Program(process, log);
            program.awaitPort(port);
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To be called first in its main method. */
    static void endWithParent() {
        ContextProcess.endWithParent();
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The processor time that it has used, in user and kernel mode. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitPort(int port) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .failFast(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("It has ended:\n" + log());
                    }
                })
                .until(() -> answers(port));
    }

    private static boolean answers(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends it at once. */
    @Override
    public void close() {
        process.destroyForcibly();
        Awaitility.await().until(() -> !process.isAlive());
    }
}
