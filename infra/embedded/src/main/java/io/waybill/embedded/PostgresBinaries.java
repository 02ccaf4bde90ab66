package io.waybill.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked from the class path once per user and version. */
final class PostgresBinaries {

    private static final boolean ROOT = isRoot();

    private final Path bin;

    private PostgresBinaries(Path bin) {
        this.bin = bin;
    }

    /**
     * Unpacks into the user's cache folder, or into the given one where there is no writable home. The folder gets its
     * final name only when it is complete, so an interrupted unpacking leaves nothing that looks usable.
     */
    static synchronized PostgresBinaries unpack(Path withoutHome) {
        String resource = resourceName();
        try {
            Path home = cache(withoutHome).resolve("postgresql-" + digest(resource));
            if (!Files.isDirectory(home)) {
                unpack(resource, home);
            }
            return new PostgresBinaries(home.resolve("bin"));
        } catch (IOException e) {
            throw new EmbeddedServerException("PostgreSQL could not be unpacked: " + e.getMessage(), e);
        }
    }

    /** The command line of one of the programs; root runs them in a user namespace, because PostgreSQL refuses root. */
    List<String> command(String program, String... arguments) {
        var command = new ArrayList<String>();
        if (ROOT) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Whether an extension comes with this build of PostgreSQL. */
    boolean offers(String extension) {
        return Files.exists(bin.resolveSibling("share").resolve("postgresql/extension/" + extension + ".control"));
    }

    /** Runs one of the programs and insists on its success. */
    void run(String purpose, Duration patience, List<String> command) {
        var outcome = Program.run(patience, command);
        if (outcome.output().contains("unshare failed")) {
            throw new EmbeddedServerException("PostgreSQL does not run as root, and root may not use user namespaces "
                    + "here: start as an ordinary user.");
        }
        if (!outcome.succeeded()) {
            throw new EmbeddedServerException(purpose + " failed: " + outcome.output());
        }
    }

    private static void unpack(String resource, Path home) throws IOException {
        Files.createDirectories(home.getParent());
        Path draft = Files.createTempDirectory(home.getParent(), home.getFileName() + "-unpacking-");
        try (InputStream packed = open(resource);
                var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(entry, tar, draft);
            }
            Files.move(draft, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            DataFolder.delete(draft);
            // Another process may have been quicker.
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path folder) throws IOException {
        Path file = inside(folder, folder.resolve(entry.getName()));
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            inside(folder, file.resolveSibling(entry.getLinkName()));
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(file, inside(folder, folder.resolve(entry.getLinkName())));
        } else {
            Files.copy(content, file);
            if (folder.relativize(file).startsWith("bin") && !file.toFile().setExecutable(true)) {
                throw new IOException(file + " cannot be made executable");
            }
        }
    }

    private static Path inside(Path folder, Path file) throws IOException {
        Path normal = file.normalize();
        if (!normal.startsWith(folder)) {
            throw new IOException(file + " lies outside of " + folder);
        }
        return normal;
    }

    private static Path cache(Path withoutHome) throws IOException {
        Path home = Path.of(System.getProperty("user.home", "?"));
        boolean usable = home.isAbsolute() && Files.isDirectory(home) && Files.isWritable(home);
        return Files.createDirectories(usable ? home.resolve(".cache").resolve("waybill") : withoutHome);
    }

    private static String resourceName() {
        String system =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String machine = System.getProperty("os.arch", "").equals("aarch64") ? "arm_64" : "x86_64";
        return "/postgres-%s-%s.txz".formatted(system, machine);
    }

    private static InputStream open(String resource) throws IOException {
        InputStream stream = PostgresBinaries.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new IOException("there are no binaries for this system (%s %s)"
                    .formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
        }
        return stream;
    }

    private static String digest(String resource) throws IOException {
        try (InputStream packed = open(resource)) {
            var sha256 = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 16];
            for (int read = packed.read(buffer); read >= 0; read = packed.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(sha256.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    private static boolean isRoot() {
        return Program.run(Duration.ofSeconds(10), List.of("id", "-u")).output().equals("0");
    }
}
