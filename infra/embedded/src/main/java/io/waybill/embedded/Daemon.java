package io.waybill.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A server process that runs beside this JVM in a session of its own, so that Ctrl-C in a terminal reaches the JVM
 * alone and the JVM decides when the server ends.
 *
 * <p>Its guard is a waiting shell that stops the server as soon as this JVM is gone, however it went. A guard can be
 * killed too, therefore {@link #ofPidFile} finds what an earlier JVM left behind.
 */
final class Daemon {

    private static final String GUARD = "trap '' HUP INT TERM; read -r nothing; exec \"$@\"";
    private static final Duration PAUSE = Duration.ofMillis(10);
    // A process that is garbage closes its pipes, which the guard would take for the end of this JVM.
    private static final Set<Process> GUARDS = ConcurrentHashMap.newKeySet();

    private final ProcessHandle process;
    private @Nullable Process guard;

    private Daemon(ProcessHandle process) {
        this.process = process;
    }

    /**
     * The running process whose id stands in the file's first line, but only if it is the named program and was started
     * with the given argument: ids are used again after a restart of the machine.
     */
    static Optional<Daemon> ofPidFile(Path pidFile, String program, Path argument) {
        return process(pidFile)
                .filter(Daemon::isRunning)
                .filter(process -> isProgram(process, program) && hasArgument(process, argument.toString()))
                .map(Daemon::new);
    }

    /** Whether the id in the file is certainly another program's or a dead process'. */
    static boolean isStale(Path pidFile, String program) {
        return process(pidFile)
                .filter(process -> isZombie(process) || isAnother(process, program))
                .isPresent();
    }

    private static Optional<ProcessHandle> process(Path pidFile) {
        return firstLine(pidFile).flatMap(Daemon::parse).flatMap(ProcessHandle::of);
    }

    private static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && !isZombie(process);
    }

    /** Dead, but not yet buried: in a container whose first process does not care, such an id stays for ever. */
    private static boolean isZombie(ProcessHandle process) {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "stat");
        try {
            return Files.exists(status) && Files.readString(status).contains(") Z ");
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean isProgram(ProcessHandle process, String program) {
        return command(process).contains(program);
    }

    private static boolean isAnother(ProcessHandle process, String program) {
        return !command(process).isEmpty() && !isProgram(process, program);
    }

    private static boolean hasArgument(ProcessHandle process, String argument) {
        return Arrays.asList(process.info().arguments().orElse(new String[0])).contains(argument);
    }

    private static String command(ProcessHandle process) {
        return process.info().command().orElse("");
    }

    long pid() {
        return process.pid();
    }

    /** Has the command run when this JVM ends without {@link #release()}. */
    void guardWith(List<String> stopCommand) {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "waybill-guard"));
        command.addAll(stopCommand);
        try {
            guard = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            GUARDS.add(guard);
        } catch (IOException e) {
            throw new EmbeddedServerException("/bin/sh could not be run: " + e.getMessage(), e);
        }
    }

    /** Ends the guard without its stopping anything. */
    void release() {
        if (guard != null) {
            guard.destroyForcibly();
            GUARDS.remove(guard);
        }
    }

    /** Asks the process to end, then makes it end. */
    void stop(Duration patience) {
        process.destroy();
        if (!awaitEnd(patience)) {
            process.destroyForcibly();
            awaitEnd(patience);
        }
    }

    private boolean awaitEnd(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (isRunning(process)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }

    private static Optional<String> firstLine(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readString(file).lines().findFirst() : Optional.empty();
        } catch (IOException e) {
            throw DataFolder.unusable(file, e);
        }
    }

    private static Optional<Long> parse(String line) {
        return line.strip().matches("\\d{1,18}") ? Optional.of(Long.valueOf(line.strip())) : Optional.empty();
    }
}
