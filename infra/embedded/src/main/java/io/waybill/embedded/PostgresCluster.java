package io.waybill.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files and the process of one PostgreSQL server: initialised, started, stopped and found again. */
final class PostgresCluster {

    static final String SUPERUSER = "postgres";
    private static final String SUPERUSER_PASSWORD = "superuser-password";
    private static final String PROGRAM = "postgres";
    private static final Duration START_PATIENCE = Duration.ofMinutes(5);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_CONNECTIONS = 200;
    private static final String STATEMENT_STATISTICS = "pg_stat_statements";

    private final DataFolder folder;
    private final PostgresBinaries binaries;
    private final Path data;
    private final Path pidFile;
    private @Nullable Daemon daemon;

    PostgresCluster(DataFolder folder) {
        this.folder = folder;
        this.binaries = PostgresBinaries.unpack(folder.resolve("bin"));
        this.data = folder.resolve("data");
        this.pidFile = data.resolve("postmaster.pid");
    }

    String superuserPassword() {
        return folder.secret(SUPERUSER_PASSWORD);
    }

    /** Stops the server that an earlier JVM left behind on this folder. */
    void stopOrphan() {
        if (running().isPresent()) {
            stop();
        } else if (Daemon.isStale(pidFile, PROGRAM)) {
            // After a restart of the machine an unrelated process may have the old id: PostgreSQL would not start.
            delete(pidFile);
        }
    }

    void initialiseIfAbsent() {
        if (Files.exists(data)) {
            return;
        }
        // The folder gets its name when it is complete, so that an interrupted first start begins again.
        Path draft = folder.resolve("data-initialising");
        superuserPassword();
        try {
            DataFolder.delete(draft);
            binaries.run(
                    "Initialising PostgreSQL",
                    START_PATIENCE,
                    binaries.command(
                            "initdb",
                            "--pgdata=" + draft,
                            "--username=" + SUPERUSER,
                            "--pwfile=" + folder.resolve(SUPERUSER_PASSWORD),
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--locale=C",
                            "--data-checksums"));
            Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw DataFolder.unusable(draft, e);
        }
    }

    /** Starts the server, which recovers first where it has to, and returns when it takes connections. */
    void start(int port, boolean durable) {
        binaries.run(
                "Starting PostgreSQL (its log is " + log() + ")",
                START_PATIENCE.plusSeconds(10),
                binaries.command(
                        "pg_ctl",
                        "start",
                        "-w",
                        "-t",
                        String.valueOf(START_PATIENCE.toSeconds()),
                        "-D",
                        data.toString(),
                        "-l",
                        log().toString(),
                        "-o",
                        options(port, durable)));
        daemon = running()
                .orElseThrow(() ->
                        new EmbeddedServerException("PostgreSQL ended right after its start; its log is " + log()));
        daemon.guardWith(folder.isTemporary() ? thenDelete(stopCommand("immediate")) : stopCommand("fast"));
    }

    void stop() {
        if (daemon != null) {
            daemon.release();
        }
        if (Program.run(STOP_PATIENCE.plusSeconds(5), stopCommand("fast")).exitCode() != 0
                && running().isPresent()) {
            binaries.run("Stopping PostgreSQL", STOP_PATIENCE.plusSeconds(5), stopCommand("immediate"));
        }
    }

    private Optional<Daemon> running() {
        return Daemon.ofPidFile(pidFile, PROGRAM, data);
    }

    private Path log() {
        return folder.resolve("postgresql.log");
    }

    private List<String> stopCommand(String mode) {
        return binaries.command(
                "pg_ctl",
                "stop",
                "-w",
                "-t",
                String.valueOf(STOP_PATIENCE.toSeconds()),
                "-m",
                mode,
                "-D",
                data.toString());
    }

    private List<String> thenDelete(List<String> command) {
        var all = new ArrayList<>(List.of(
                "/bin/sh", "-c", "\"$@\"; exec rm -rf -- \"$0\"", folder.path().toString()));
        all.addAll(command);
        return all;
    }

    private String options(int port, boolean durable) {
        String onOrOff = durable ? "on" : "off";
        return String.join(
                " ",
                "-p " + port,
                "-c listen_addresses=127.0.0.1",
                "-c unix_socket_directories=''",
                "-c max_connections=" + MAX_CONNECTIONS,
                "-c password_encryption=scram-sha-256",
                "-c fsync=" + onOrOff,
                "-c synchronous_commit=" + onOrOff,
                "-c full_page_writes=" + onOrOff,
                // What statements cost is the first question of whoever finds it slow.
                "-c shared_preload_libraries=" + (binaries.offers(STATEMENT_STATISTICS) ? STATEMENT_STATISTICS : "''"),
                "-c logging_collector=off",
                "-c log_checkpoints=off",
                "-c timezone=UTC",
                "-c log_timezone=UTC");
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw DataFolder.unusable(file, e);
        }
    }
}
