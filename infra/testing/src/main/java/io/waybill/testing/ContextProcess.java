package io.waybill.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An instance of a context in a JVM of its own, for tests that need to see it killed or frozen. What it writes stands
 * in {@code target/<context>-process.log}. It ends when the tests' JVM does, however that ends.
 */
public final class ContextProcess implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 20;

    private final Process process;
    private final Path output;

    private ContextProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static ContextProcess start(String context, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        Path output = Path.of("target", context + "-process.log");
        try {
            return new ContextProcess(
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start(),
                    output);
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

    /**
     * Stops the process where it stands, as a machine that hangs does: it does and says nothing more, and its
     * connections stay open.
     */
    public void freeze() {
        signal("STOP");
    }

    /** Lets a frozen process go on as if no time had passed. */
    public void thaw() {
        signal("CONT");
    }

    /** With the shell's own kill, which is there wherever a shell is. */
    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                    .inheritIO()
                    .start();
            if (!kill.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("the process " + process.pid() + " does not take " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the process took " + name, e);
        }
    }

    /** What it has written so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
