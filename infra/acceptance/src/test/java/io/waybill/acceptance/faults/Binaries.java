package io.waybill.acceptance.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The servers' programs that this machine has. */
final class Binaries {

    private static final Path DEBIAN_POSTGRESQL = Path.of("/usr/lib/postgresql");
    private static final Path DEBIAN_RABBITMQ = Path.of("/usr/lib/rabbitmq/bin");

    private Binaries() {}

    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** What is missing, in words; nothing if all is there. */
    static List<String> missing() {
        return Stream.of("initdb", "postgres", "rabbitmq-server", "rabbitmqctl", "redis-server")
                .filter(program -> find(program).isEmpty())
                .toList();
    }

    /** @throws IllegalStateException if the machine has no such program */
    static String path(String program) {
        return find(program)
                .orElseThrow(() -> new IllegalStateException("There is no " + program + " on this machine"))
                .toString();
    }

    /** Debian's wrappers of RabbitMQ want a user and a folder of their own, so what they wrap comes first. */
    private static Optional<Path> find(String program) {
        Stream<Path> path = Stream.of(System.getenv("PATH").split(":")).map(Path::of);
        return Stream.concat(Stream.concat(Stream.of(DEBIAN_RABBITMQ), postgresql().stream()), path)
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The newest first. */
    private static List<Path> postgresql() {
        if (!Files.isDirectory(DEBIAN_POSTGRESQL)) {
            return List.of();
        }
        try (Stream<Path> versions = Files.list(DEBIAN_POSTGRESQL)) {
            return versions.sorted(Comparator.reverseOrder())
                    .map(version -> version.resolve("bin"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
