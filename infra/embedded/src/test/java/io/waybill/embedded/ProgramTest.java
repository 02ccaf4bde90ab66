package io.waybill.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProgramTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path temp;

    @Test
    void a_program_says_how_it_ended_and_what_it_printed() {
        var outcome = Program.run(PATIENCE, List.of("/bin/sh", "-c", "echo out; echo err >&2; exit 3"));
        assertThat(outcome).isEqualTo(new Program.Outcome(3, "out\nerr"));
    }

    @Test
    void a_program_that_is_missing_did_not_succeed() {
        var outcome = Program.run(PATIENCE, List.of(temp.resolve("missing").toString()));
        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.output()).contains("missing");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_program_that_is_still_being_written_is_tried_again() throws Exception {
        Path program = Files.copy(Path.of("/bin/sh").toRealPath(), temp.resolve("program"));
        var writer = FileChannel.open(program, StandardOpenOption.WRITE);
        var written = CompletableFuture.runAsync(
                () -> {
                    try {
                        writer.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
        assertThat(Program.run(PATIENCE, List.of(program.toString(), "-c", "echo done")))
                .isEqualTo(new Program.Outcome(0, "done"));
        written.join();
    }
}
