package io.waybill.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs programs that end by themselves and waits for them. */
final class Program {

    /** How a program ended: its exit code and what it printed. */
    record Outcome(int exitCode, String output) {

        boolean succeeded() {
            return exitCode == 0;
        }
    }

    private static final File NOTHING = new File("/dev/null");

    private Program() {}

    /** Runs to the end; output goes through a file, because a pipe would stay open as long as a server it started. */
    static Outcome run(Duration patience, List<String> command) {
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
            throw new EmbeddedServerException(
                    "%s could not be run: %s".formatted(command.getFirst(), e.getMessage()), e);
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
