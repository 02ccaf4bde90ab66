package io.waybill.testing;

/**
 * The servers that integration tests use. Each is settled at its first use, once per JVM, told in one line, and stopped
 * when the JVM ends. It comes from, in this order:
 *
 * <ol>
 *   <li>the environment: {@code WAYBILL_TEST_POSTGRES_URL}
 *       ({@code jdbc:postgresql://127.0.0.1:5432/postgres?user=postgres&password=…}; the user may create databases),
 *       {@code WAYBILL_TEST_RABBITMQ_URL} ({@code amqp://guest:guest@127.0.0.1:5672}) and
 *       {@code WAYBILL_TEST_REDIS_URL} ({@code redis://127.0.0.1:6379});
 *   <li>Testcontainers, where a Docker engine answers, with the images that {@code WAYBILL_TEST_POSTGRES_IMAGE},
 *       {@code WAYBILL_TEST_RABBITMQ_IMAGE} and {@code WAYBILL_TEST_REDIS_IMAGE} name;
 *   <li>the embedded servers.
 * </ol>
 */
public final class TestServers {

    private static final CloseAtExit AT_EXIT = new CloseAtExit();

    private static final ServerChoice<PostgresAccess> POSTGRES = new ServerChoice<>(
            new ServerChoice.Names("PostgreSQL", "POSTGRES", "postgres:17-alpine"),
            ServerUrls::postgres,
            image -> Containers.postgres(image, AT_EXIT),
            () -> Embedded.postgres(AT_EXIT));
    private static final ServerChoice<TestBroker> BROKER = new ServerChoice<>(
            new ServerChoice.Names("AMQP", "RABBITMQ", "rabbitmq:4-alpine"),
            ServerUrls::broker,
            image -> Containers.broker(image, AT_EXIT),
            () -> Embedded.broker(AT_EXIT));
    private static final ServerChoice<TestRedis> REDIS = new ServerChoice<>(
            new ServerChoice.Names("Redis", "REDIS", "redis:7-alpine"),
            ServerUrls::redis,
            image -> Containers.redis(image, AT_EXIT),
            () -> Embedded.redis(AT_EXIT));

    private TestServers() {}

    /** A new, empty database whose name contains the given one; it is dropped when the JVM ends. */
    public static TestDatabase freshDatabase(String name) {
        PostgresAccess server = settle(POSTGRES);
        String unique = UniqueName.of(name);
        TestDatabase database = server.create(unique);
        AT_EXIT.close(() -> server.drop(unique));
        return database;
    }

    /** The broker. Others may use it too: prefix what you declare with a {@link #freshNamespace namespace}. */
    public static TestBroker broker() {
        return settle(BROKER);
    }

    /** The Redis server. Others may use it too: prefix your keys with a {@link #freshNamespace namespace}. */
    public static TestRedis redis() {
        return settle(REDIS);
    }

    /** A prefix that no other test and no other run uses, for the names on a server that is shared. */
    public static String freshNamespace(String name) {
        return UniqueName.of(name).replace('_', '-');
    }

    private static <T> T settle(ServerChoice<T> choice) {
        return choice.settle(System::getenv, Containers::engineAnswers, System.out::println);
    }
}
