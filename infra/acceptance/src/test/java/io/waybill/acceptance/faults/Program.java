package io.waybill.acceptance.faults;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process, with those that it started. What it prints is kept in a file. */
final class Program {

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(45);

    private final String name;
    private final Process process;

    private Program(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    static Program start(String name, List<String> command, Map<String, String> environment, Path output) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(output.toFile()))
                .redirectInput(Redirect.from(new File("/dev/null")));
        builder.environment().putAll(environment);
        try {
            return new Program(name, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
    }

    /** Runs a command to its end. */
    static void run(List<String> command, Map<String, String> environment, Path output) {
        Program program = start(command.getFirst(), command, environment, output);
        if (!program.isGone(Duration.ofMinutes(1)) || program.process.exitValue() != 0) {
            program.kill();
            throw new IllegalStateException(String.join(" ", command) + " failed, see " + output);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Bytes of memory that it has, without its children. */
    long memory() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            // It has just ended.
            return 0;
        }
    }

    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    /** As {@code kill -9}, the whole family; returns when it is gone. */
    void kill() {
        List<ProcessHandle> family = family();
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(member -> member.onExit().join());
    }

    /** Asks it to end, and kills what does not. */
    void stop() {
        List<ProcessHandle> family = family();
        process.destroy();
        isGone(STOP_PATIENCE);
        family.forEach(ProcessHandle::destroyForcibly);
    }

    private boolean isGone(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private List<ProcessHandle> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    /** With the shell's own kill, which is there wherever a shell is. */
    private void signal(String signal) {
        String pids = String.join(
                " ", family().stream().map(member -> "" + member.pid()).toList());
        try {
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pids)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
