package io.waybill.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PostgresServerIT {

    @Nested
    @TestInstance(Lifecycle.PER_CLASS)
    class While_it_runs {

        @TempDir
        static Path folder;

        private PostgresServer server;

        @BeforeAll
        void start() {
            server = PostgresServer.start(folder, 0);
        }

        @AfterAll
        void stop() {
            server.close();
        }

        @Test
        void it_waits_for_the_disk() throws Exception {
            assertThat(query(server, "postgres", "SHOW fsync")).isEqualTo("on");
            assertThat(query(server, "postgres", "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(server, "postgres", "SHOW full_page_writes")).isEqualTo("on");
        }

        @Test
        void it_takes_200_connections_on_the_loopback_address_alone() throws Exception {
            assertThat(query(server, "postgres", "SHOW max_connections")).isEqualTo("200");
            assertThat(query(server, "postgres", "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        }

        @Test
        void nobody_enters_without_the_password() {
            for (String user : new String[] {"waybill", "postgres"}) {
                for (String password : new String[] {"", "waybill", "postgres"}) {
                    assertThatThrownBy(() -> DriverManager.getConnection(server.url("postgres"), user, password))
                            .isInstanceOf(SQLException.class);
                }
            }
        }

        @Test
        void its_user_is_no_superuser() throws Exception {
            assertThat(query(server, "postgres", "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
                    .isEqualTo("f");
        }

        @Test
        void a_database_is_created_once_and_belongs_to_the_user() throws Exception {
            server.createDatabaseIfAbsent("waybill_order");
            server.createDatabaseIfAbsent("waybill_order");
            assertThat(query(server, "waybill_order", "CREATE TABLE note (id int); SELECT current_database()"))
                    .isEqualTo("waybill_order");
        }

        @Test
        void a_name_that_is_none_is_refused() {
            assertThatThrownBy(() -> server.createDatabaseIfAbsent("x; DROP ROLE waybill"))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void a_second_start_on_its_folder_is_refused() {
            assertThatThrownBy(() -> PostgresServer.start(folder, 0))
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining("in use");
        }
    }

    @Nested
    class When_the_JVM_is_killed {

        @TempDir
        Path folder;

        @Test
        void what_was_committed_is_there_after_the_next_start() throws Exception {
            Victim.kill(Victim.run("postgres", folder));
            try (var server = PostgresServer.start(folder, 0)) {
                assertThat(query(server, "victim", "SELECT text FROM note")).isEqualTo("kept");
            }
        }

        @Test
        void the_server_it_leaves_behind_is_stopped_at_the_next_start() throws Exception {
            Victim.killWithGuard(Victim.run("postgres", folder));
            long orphan = postmaster();
            assertThat(ProcessHandle.of(orphan)).isPresent();
            try (var server = PostgresServer.start(folder, 0)) {
                assertThat(postmaster()).isNotEqualTo(orphan);
                assertThat(query(server, "victim", "SELECT text FROM note")).isEqualTo("kept");
            }
        }

        @Test
        void it_recovers_when_the_server_was_killed_with_it() throws Exception {
            Process victim = Victim.run("postgres", folder);
            ProcessHandle.of(postmaster()).orElseThrow().destroyForcibly();
            Victim.killWithGuard(victim);
            try (var server = PostgresServer.start(folder, 0)) {
                assertThat(query(server, "victim", "SELECT text FROM note")).isEqualTo("kept");
            }
        }

        private long postmaster() throws Exception {
            return Long.parseLong(Files.readAllLines(folder.resolve("data/postmaster.pid"))
                    .getFirst()
                    .strip());
        }
    }

    @Nested
    class When_it_cannot_start {

        @TempDir
        Path folder;

        @Test
        void a_taken_port_is_named() throws Exception {
            try (var taken = new ServerSocket(0, 1, FreePorts.loopback())) {
                assertThatThrownBy(() -> PostgresServer.start(folder, taken.getLocalPort()))
                        .isInstanceOf(EmbeddedServerException.class)
                        .hasMessageContaining(String.valueOf(taken.getLocalPort()));
            }
            DataFolder.open(folder).close();
        }

        @Test
        void an_interrupted_first_start_begins_again() throws Exception {
            Files.createDirectories(folder.resolve("data-initialising/base"));
            try (var server = PostgresServer.start(folder, 0)) {
                assertThat(query(server, "postgres", "SELECT 1")).isEqualTo("1");
            }
        }

        @Test
        void a_process_id_that_another_program_has_now_does_not_hinder_it() throws Exception {
            PostgresServer.start(folder, 0).close();
            Files.writeString(
                    folder.resolve("data/postmaster.pid"),
                    ProcessHandle.current().pid() + "\n");
            try (var server = PostgresServer.start(folder, 0)) {
                assertThat(query(server, "postgres", "SELECT 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void a_temporary_server_leaves_nothing_behind() throws Exception {
        var server = PostgresServer.temporary();
        Path folder = server.folder();
        assertThat(folder).isNotEmptyDirectory();
        server.close();
        assertThat(folder).doesNotExist();
    }

    private static String query(PostgresServer server, String database, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(server.url(database), server.user(), server.password());
                var statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows) {
                rows = statement.getMoreResults();
            }
            try (var result = statement.getResultSet()) {
                result.next();
                return result.getString(1);
            }
        }
    }
}
