package io.waybill.gateway.identity;

import com.nimbusds.jose.jwk.JWKSet;
import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.RefusedRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The file with the private keys, readable by its owner alone. Changed under a lock and replaced as a whole, so that
 * nobody reads half of one, and nothing is lost that two instances write at once. A file that the configuration gives
 * may be one that cannot be written; then whoever provides it changes it.
 */
final class KeyFile {

    /** The file cannot be read, or holds something else. */
    static final class KeyFileException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        KeyFileException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The keys as they stood when the file was changed last. */
    record Content(JWKSet keys, FileTime changed) {}

    private final Path path;

    KeyFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    Content readOrCreate(Supplier<JWKSet> first) {
        if (!Files.exists(path)) {
            create(first);
        }
        return read();
    }

    Content read() {
        try {
            var changed = Files.getLastModifiedTime(path);
            return new Content(JWKSet.parse(Files.readString(path)), changed);
        } catch (IOException | ParseException e) {
            throw new KeyFileException(path + " is no readable JWK set", e);
        }
    }

    boolean hasChangedSince(Content known) {
        try {
            return !Files.getLastModifiedTime(path).equals(known.changed());
        } catch (IOException e) {
            throw new KeyFileException(path + " cannot be read", e);
        }
    }

    /** Whether it can be written here. */
    boolean isOurs() {
        return Files.isWritable(path) && Files.isWritable(folder());
    }

    synchronized void change(UnaryOperator<JWKSet> change) {
        if (!isOurs()) {
            throw new RefusedRequest(ProblemCode.KEYS_READ_ONLY);
        }
        try (var lock = lockFile()) {
            lock.lock();
            write(change.apply(read().keys()));
        } catch (IOException e) {
            throw new KeyFileException(path + " cannot be written", e);
        }
    }

    private void create(Supplier<JWKSet> first) {
        try {
            OwnerOnly.createFolders(folder());
            try (var lock = lockFile()) {
                lock.lock();
                if (!Files.exists(path)) {
                    write(first.get());
                }
            }
        } catch (IOException e) {
            throw new KeyFileException(path + " cannot be written", e);
        }
    }

    private FileChannel lockFile() throws IOException {
        return FileChannel.open(
                path.resolveSibling(path.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private void write(JWKSet keys) throws IOException {
        var draft =
                Files.createTempFile(folder(), "keys", ".tmp", PosixFilePermissions.asFileAttribute(OwnerOnly.FILE));
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.UTF_8.encode(keys.toString(false)));
            channel.force(true);
        }
        Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path folder() {
        var folder = path.getParent();
        if (folder == null) {
            throw new KeyFileException(path + " is no file", new NoSuchFileException(path.toString()));
        }
        return folder;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
