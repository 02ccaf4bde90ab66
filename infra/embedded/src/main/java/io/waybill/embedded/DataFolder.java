package io.waybill.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A folder that one process at a time uses, readable by its owner only, with the secrets drawn for it.
 *
 * <p>The lock is the operating system's, so it ends with the process however that ends.
 */
public final class DataFolder implements AutoCloseable {

    private static final int SECRET_BYTES = 24;
    // Closing any channel on a file drops this process's POSIX lock on it, so a second opening must not touch the file.
    private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;
    private final boolean temporary;

    private DataFolder(Path path, FileChannel lock, boolean temporary) {
        this.path = path;
        this.lock = lock;
        this.temporary = temporary;
    }

    /**
     * Creates the folder where it is missing and locks it.
     *
     * @throws EmbeddedServerException if another process holds it (the message names its id) or it cannot be written
     */
    public static DataFolder open(Path folder) {
        return open(folder, false);
    }

    static DataFolder temporary(String prefix) {
        try {
            return open(Files.createTempDirectory(prefix), true);
        } catch (IOException e) {
            throw new EmbeddedServerException("No temporary folder could be created: " + e.getMessage(), e);
        }
    }

    private static DataFolder open(Path folder, boolean temporary) {
        Path real = create(folder);
        if (!OPEN_HERE.add(real)) {
            throw inUse(real, String.valueOf(ProcessHandle.current().pid()));
        }
        try {
            return new DataFolder(real, lock(real), temporary);
        } catch (IOException e) {
            OPEN_HERE.remove(real);
            throw unusable(real, e);
        } catch (EmbeddedServerException e) {
            OPEN_HERE.remove(real);
            throw e;
        }
    }

    private static Path create(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder.toAbsolutePath());
                restrict(folder, "rwx------");
            }
            return folder.toRealPath();
        } catch (IOException e) {
            throw unusable(folder.toAbsolutePath(), e);
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        Path file = folder.resolve("lock");
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, WRITE);
        if (channel.tryLock() == null) {
            String holder = new String(readAll(channel), UTF_8).strip();
            channel.close();
            throw inUse(folder, holder);
        }
        channel.truncate(0);
        write(channel, ProcessHandle.current().pid() + "\n");
        return channel;
    }

    /** The folder's real path. */
    public Path path() {
        return path;
    }

    boolean isTemporary() {
        return temporary;
    }

    /** A path below the folder. */
    public Path resolve(String name) {
        return path.resolve(name);
    }

    /**
     * The secret of this name: drawn at random the first time, then read from its file, which its owner alone can read.
     */
    public String secret(String name) {
        Path file = resolve(name);
        try {
            if (!Files.exists(file)) {
                writePrivately(file, draw() + "\n");
            }
            restrict(file, "rw-------");
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /** Writes a file that its owner alone can read, as a whole or not at all. */
    void writePrivately(Path file, String content) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try (var channel = FileChannel.open(
                draft,
                Set.of(CREATE_NEW, WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            write(channel, content);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Releases the folder; a temporary one is deleted. */
    @Override
    public void close() {
        try {
            if (temporary) {
                delete(path);
            }
            lock.close();
        } catch (IOException e) {
            throw unusable(path, e);
        } finally {
            OPEN_HERE.remove(path);
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    static EmbeddedServerException unusable(Path path, IOException cause) {
        String reason = cause instanceof AccessDeniedException ? "permission denied" : cause.getMessage();
        return new EmbeddedServerException("%s cannot be used: %s.".formatted(path, reason), cause);
    }

    private static EmbeddedServerException inUse(Path folder, String holder) {
        String process = holder.isEmpty() ? "?" : holder;
        return new EmbeddedServerException(
                "The data folder %s is already in use by process %s.".formatted(folder, process));
    }

    private static void restrict(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static void write(FileChannel channel, String content) throws IOException {
        var bytes = ByteBuffer.wrap(content.getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    private static byte[] readAll(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(32);
        channel.read(bytes, 0);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static String draw() {
        var bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
