package io.waybill.acceptance.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Lies across the path in a context's process and does what it was armed for when the process comes by. It is armed,
 * and tells what it saw, by files in one folder, so that the process need not be started anew for each point, and what
 * it saw outlives it.
 */
public final class Tripwire {

    /** The options with which a process lays it. */
    private static final String FOLDER = "waybill.crash.folder";

    private static final String CONTEXT = "waybill.crash.context";

    /** The exit status of a process that ended at a point. */
    public static final int STATUS = 86;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** What happens at a point. */
    public enum Effect {
        /** The process ends there and then, without any clean-up. */
        HALT,
        /** The thread that came by waits until it is let go. */
        PAUSE,
        /** The statement that was about to be sent fails. */
        FAIL
    }

    private final String context;
    private final Path folder;
    private final Set<CrashPoint> seen = ConcurrentHashMap.newKeySet();
    private int passages;

    Tripwire(String context, Path folder) {
        this.context = context;
        this.folder = folder;
    }

    /** That of this process. */
    static Tripwire ofThisProcess() {
        return new Tripwire(System.getProperty(CONTEXT), Path.of(System.getProperty(FOLDER)));
    }

    /** Whether this process was started with one. */
    static boolean isLaid() {
        return System.getProperty(FOLDER) != null;
    }

    // In the process

    /** @throws SQLException if it was armed to fail here */
    void pass(Deed deed, Moment moment, String where, Set<String> what) throws SQLException {
        Passage passage = new Passage(deed, moment, where, what);
        for (CrashPoint point : CrashPoint.values()) {
            if (point.context().equals(context) && point.matches(passage)) {
                pass(point);
            }
        }
    }

    private void pass(CrashPoint point) throws SQLException {
        try {
            if (seen.add(point)) {
                write("passed-" + point, "");
            }
            switch (effectOf(point)) {
                case null -> {}
                case HALT -> Runtime.getRuntime().halt(STATUS);
                case PAUSE -> awaitRelease();
                case FAIL -> throw new SQLException("a failure at " + point, "XX000");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Null where it is not armed for that point, or others have to pass first. Of several threads one trips it. */
    private synchronized Effect effectOf(CrashPoint point) throws IOException {
        Path order = folder.resolve("armed");
        if (!Files.exists(order)) {
            return null;
        }
        List<String> armed = Files.readAllLines(order);
        if (!armed.get(0).equals(point.name()) || ++passages < Integer.parseInt(armed.get(1))) {
            return null;
        }
        passages = 0;
        Files.move(order, folder.resolve("tripped"), StandardCopyOption.ATOMIC_MOVE);
        return Effect.valueOf(armed.get(2));
    }

    private void awaitRelease() throws IOException {
        try (WatchService news = folder.getFileSystem().newWatchService()) {
            folder.register(news, StandardWatchEventKinds.ENTRY_CREATE);
            while (!Files.exists(folder.resolve("released"))) {
                WatchKey found = news.poll(LONGEST_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                if (found == null) {
                    throw new IllegalStateException("nobody lets it go on");
                }
                found.reset();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(String name, String content) throws IOException {
        Path draft = Files.createTempFile(folder, "draft-", "");
        Files.writeString(draft, content);
        Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    // Outside

    /** Of a process that is started with {@link #options}. */
    public static Tripwire of(String context, Path folder) {
        try {
            return new Tripwire(context, Files.createDirectories(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Options of the JVM, whose class path has to have this package. */
    public List<String> options() {
        return List.of("-D" + FOLDER + "=" + folder, "-D" + CONTEXT + "=" + context);
    }

    /**
     * Lets the process do something when it comes by next.
     *
     * @param passage 1 for the first time that the process comes by
     */
    public void arm(CrashPoint point, int passage, Effect effect) {
        try {
            Files.deleteIfExists(folder.resolve("tripped"));
            Files.deleteIfExists(folder.resolve("released"));
            write("armed", "%s%n%d%n%s%n".formatted(point, passage, effect));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it did what it was armed for. */
    public boolean isTripped() {
        return Files.exists(folder.resolve("tripped"));
    }

    /** Takes back what it was armed for. */
    public void disarm() {
        try {
            Files.deleteIfExists(folder.resolve("armed"));
            release();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the thread go on that it stopped. */
    public void release() {
        try {
            write("released", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The points that the context's processes have ever come by. */
    public List<CrashPoint> passed() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("passed-"))
                    .map(name -> CrashPoint.valueOf(name.substring("passed-".length())))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
