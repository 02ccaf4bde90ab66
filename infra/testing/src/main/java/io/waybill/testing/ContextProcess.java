package io.waybill.testing;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An instance of a context in a JVM of its own, for tests that need to see it killed. What it writes stands in
 * {@code target/<context>-process.log}. It ends when the tests' JVM does, however that ends.
 */
public final class ContextProcess implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 20;

    private final Process process;

    private ContextProcess(Process process) {
        this.process = process;
    }

    static ContextProcess start(String context, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        try {
            return new ContextProcess(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(new File("target", context + "-process.log"))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To be called first in the process: it ends at once when the JVM that started it is gone. */
    public static void endWithParent() {
        Thread.ofPlatform().daemon().name("end-with-parent").start(() -> {
            try {
                // Nobody writes; the pipe ends with the parent.
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                System.err.println("The pipe to the parent broke: " + e.getMessage());
            }
            Runtime.getRuntime().halt(1);
        });
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the process as a power cut does: it hands nothing back. Returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the process " + process.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the process ended", e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
