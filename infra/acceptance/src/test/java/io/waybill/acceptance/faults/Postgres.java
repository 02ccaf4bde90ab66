package io.waybill.acceptance.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A PostgreSQL cluster as durable as in production. Where root runs this, its tables lie on a small disk. */
final class Postgres implements Server {

    static final String ROLE = "waybill";

    private static final String OWNER = "postgres";
    private static final String DISK_SIZE = "2g";

    private final Path folder;
    private final Path output;
    private final Path disk;
    private final int port;
    private final boolean hasDisk;
    private Program program;

    private Postgres(Path folder, Path output, int port) {
        this.folder = folder;
        this.output = output;
        this.disk = folder.resolve("disk");
        this.port = port;
        this.hasDisk = Binaries.isRoot();
    }

    /** Makes a cluster and starts it. */
    static Postgres make(Path folder, Path output, int port) throws IOException {
        var server = new Postgres(Files.createDirectory(folder), output, port);
        Path data = folder.resolve("data");
        Files.createDirectory(data);
        Files.createDirectory(server.disk);
        if (server.hasDisk) {
            server.shell("mount -t tmpfs -o size=" + DISK_SIZE + " waybill-faults " + server.disk);
            server.shell("chown -R " + OWNER + " " + folder);
        }
        server.run(List.of(
                Binaries.path("initdb"),
                "-D",
                data.toString(),
                "-U",
                OWNER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C"));
        server.start();
        return server;
    }

    @Override
    public String name() {
        return "PostgreSQL";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() {
        List<String> command = new ArrayList<>(
                List.of(Binaries.path("postgres"), "-D", folder.resolve("data").toString(), "-p", "" + port));
        Map.of(
                        "listen_addresses", "127.0.0.1",
                        "unix_socket_directories", "",
                        "max_connections", "200",
                        "shared_buffers", "256MB",
                        "max_wal_size", "512MB",
                        "restart_after_crash", "on")
                .forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        program = Program.start(name(), asOwner(command), Map.of(), log());
    }

    @Override
    public void kill() {
        program.kill();
    }

    @Override
    public void freeze() {
        program.freeze();
    }

    @Override
    public void thaw() {
        program.thaw();
    }

    @Override
    public boolean answers() {
        try {
            return number("SELECT 1") == 1;
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public long memory() {
        return program.memory();
    }

    /** A database of its own for each context, on the small disk if there is one. */
    void createDatabases(List<String> contexts) throws SQLException {
        execute("CREATE ROLE " + ROLE + " LOGIN", OWNER);
        if (hasDisk) {
            execute("CREATE TABLESPACE disk OWNER " + ROLE + " LOCATION '" + disk + "'", OWNER);
        }
        for (String context : contexts) {
            execute(
                    "CREATE DATABASE %s OWNER %s TEMPLATE template0 ENCODING 'UTF8' %s"
                            .formatted(database(context), ROLE, hasDisk ? "TABLESPACE disk" : ""),
                    OWNER);
        }
    }

    static String database(String context) {
        return "waybill_" + context;
    }

    /** Ends all sessions and lets no new one begin, as where others have taken all that there are. */
    void exhaustConnections() throws SQLException {
        execute("ALTER ROLE " + ROLE + " CONNECTION LIMIT 0", OWNER);
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + ROLE + "'", OWNER);
    }

    void grantConnections() throws SQLException {
        execute("ALTER ROLE " + ROLE + " CONNECTION LIMIT -1", OWNER);
    }

    boolean hasSmallDisk() {
        return hasDisk;
    }

    /** Leaves no byte free on the disk of the tables. */
    void fillDisk() {
        shell("dd if=/dev/zero of=" + disk.resolve("filler") + " bs=64k status=none || true");
    }

    void freeDisk() {
        shell("rm -f " + disk.resolve("filler"));
    }

    /** The numbers that a query finds in a context's database. */
    void query(String context, String sql, Consumer<ResultSet> rows) throws SQLException {
        try (Connection connection = connect(database(context), OWNER);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            rows.accept(found);
        }
    }

    /** Stops it and gives back its disk. */
    @Override
    public void close() {
        if (program != null) {
            program.thaw();
            program.kill();
        }
        if (hasDisk) {
            shell("umount " + disk + " || true");
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = connect(OWNER, OWNER);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getLong(1);
        }
    }

    private void execute(String sql, String role) throws SQLException {
        try (Connection connection = connect(OWNER, role);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect(String database, String role) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s?connectTimeout=2&socketTimeout=5".formatted(port, database),
                role,
                "");
    }

    private void run(List<String> command) {
        Program.run(asOwner(command), Map.of(), log());
    }

    private void shell(String command) {
        Program.run(List.of("sh", "-c", command), Map.of(), log());
    }

    /** PostgreSQL refuses to be run by root. */
    private static List<String> asOwner(List<String> command) {
        if (!Binaries.isRoot()) {
            return command;
        }
        var whole = new ArrayList<>(List.of("setpriv", "--reuid", OWNER, "--regid", OWNER, "--clear-groups"));
        whole.addAll(command);
        return whole;
    }

    private Path log() {
        return output.resolve("postgresql.log");
    }
}
