package io.waybill.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs programs that end by themselves and waits for them. */
final class Program {

    /** How a program ended: its exit code, as a shell gives it, and what it printed. */
    record Outcome(int exitCode, String output) {

        boolean succeeded() {
            return exitCode == 0;
        }
    }

    private static final File NOTHING = new File("/dev/null");
    private static final int CANNOT_RUN = 127;
    private static final String BUSY = "Text file busy";
    private static final Duration BUSY_PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private Program() {}

    /**
     * Runs to the end. A program that was unpacked a moment ago may be busy for another moment: what another thread
     * starts meanwhile inherits the file that it was written through.
     */
    static Outcome run(Duration patience, List<String> command) {
        long deadline = System.nanoTime() + BUSY_PATIENCE.toNanos();
        while (true) {
            Outcome outcome = tryRun(patience, command);
            if (outcome.succeeded() || !outcome.output().contains(BUSY) || System.nanoTime() > deadline) {
                return outcome;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Output goes through a file, because a pipe would stay open as long as a server that the program started. */
    private static Outcome tryRun(Duration patience, List<String> command) {
        @Nullable Path output = null;
        try {
            output = Files.createTempFile("waybill-", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectInput(NOTHING)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new EmbeddedServerException(
                        "%s did not end within %d s.".formatted(command.getFirst(), patience.toSeconds()));
            }
            return new Outcome(process.exitValue(), new String(Files.readAllBytes(output), UTF_8).strip());
        } catch (IOException e) {
            return new Outcome(CANNOT_RUN, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Interrupted while %s ran.".formatted(command.getFirst()), e);
        } finally {
            deleteQuietly(output);
        }
    }

    private static void deleteQuietly(@Nullable Path file) {
        if (file != null && !file.toFile().delete()) {
            file.toFile().deleteOnExit();
        }
    }
}
