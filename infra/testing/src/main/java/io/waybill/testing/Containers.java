package io.waybill.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.PostgreSQLContainer;
import org.testcontainers.containers.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;

/** The servers as containers. Their images can be named, because not everyone can pull from a public registry. */
final class Containers {

    private static final int REDIS_PORT = 6379;

    private Containers() {}

    static boolean engineAnswers() {
        return engineMayBeThere() && DockerClientFactory.instance().isDockerAvailable();
    }

    /** Testcontainers logs errors where it finds no engine, so it is asked only where there is a sign of one. */
    private static boolean engineMayBeThere() {
        Path home = Path.of(System.getProperty("user.home"));
        String runtime = Objects.requireNonNullElse(System.getenv("XDG_RUNTIME_DIR"), "/run");
        return System.getenv("DOCKER_HOST") != null
                || File.separatorChar == '\\'
                || Stream.of(
                                Path.of("/var/run/docker.sock"),
                                Path.of(runtime, "docker.sock"),
                                home.resolve(".docker/run/docker.sock"),
                                home.resolve(".docker/desktop/docker.sock"),
                                home.resolve(".testcontainers.properties"))
                        .anyMatch(Files::exists);
    }

    @SuppressWarnings("resource") // closed at the end of the JVM
    static PostgresAccess postgres(String image, CloseAtExit atExit) {
        var container = new PostgreSQLContainer<>(named(image, "postgres"))
                .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=300");
        container.start();
        atExit.close(container);
        return new PostgresAccess(
                container.getHost(),
                container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                container.getDatabaseName(),
                container.getUsername(),
                container.getPassword(),
                "");
    }

    static TestBroker broker(String image, CloseAtExit atExit) {
        var container = new RabbitMQContainer(named(image, "rabbitmq"));
        container.start();
        atExit.close(container);
        return new TestBroker(
                container.getHost(),
                container.getAmqpPort(),
                container.getAdminUsername(),
                container.getAdminPassword(),
                "/");
    }

    @SuppressWarnings("resource") // closed at the end of the JVM
    static TestRedis redis(String image, CloseAtExit atExit) {
        var container = new GenericContainer<>(named(image, "redis")).withExposedPorts(REDIS_PORT);
        container.start();
        atExit.close(container);
        return new TestRedis(container.getHost(), container.getMappedPort(REDIS_PORT), "", "", 0);
    }

    private static DockerImageName named(String image, String original) {
        return DockerImageName.parse(image).asCompatibleSubstituteFor(original);
    }
}
