package io.waybill.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.embedded.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts the launcher as a process of its own, with real servers and fake applications. */
@Timeout(120)
@DisplayNameGeneration(ReplaceUnderscores.class)
class StandaloneIT {

    @TempDir
    Path temp;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stopWhatStillRuns() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void it_gets_ready_says_what_to_try_and_stops_in_reverse_order() throws Exception {
        Process waybill = start(FakeApplications.thatWork(temp.resolve("lib")), freePort());
        List<String> start = linesUntil(waybill, "Stop it with Ctrl-C.");
        assertThat(start)
                .anyMatch(line -> line.matches("  PostgreSQL +\\d+\\.\\d s"))
                .anyMatch(line -> line.startsWith("OrderApplication started") && line.contains("waybill_order"))
                .anyMatch(line -> line.contains(FakeApplications.OPERATOR_PASSWORD))
                .anyMatch(line -> line.startsWith("Ready after"));

        // Process.destroy() would close its output too.
        waybill.toHandle().destroy();
        List<String> stop = waybill.inputReader().lines().toList();
        assertThat(stop)
                .containsSubsequence(
                        "GatewayApplication stopped",
                        "ShippingApplication stopped",
                        "InventoryApplication stopped",
                        "PaymentApplication stopped",
                        "OrderApplication stopped");
        assertThat(waybill.waitFor()).isEqualTo(128 + 15);
        assertThat(temp.resolve("data/postgresql/data/postmaster.pid")).doesNotExist();
        assertThat(temp.resolve("data/redis/redis.pid")).doesNotExist();
    }

    @Test
    void where_an_external_provider_keeps_the_accounts_no_password_is_missed() throws Exception {
        Process waybill = launch(
                List.of("--data", temp.resolve("data").toString(), "--port", String.valueOf(freePort())),
                "-Dwaybill.lib=" + FakeApplications.thatWork(temp.resolve("lib")),
                "-Dwaybill.security.issuer-uri=http://127.0.0.1:9");

        assertThat(linesUntil(waybill, "Stop it with Ctrl-C."))
                .anyMatch(line -> line.startsWith("Ready after"))
                .noneMatch(line -> line.contains("The operator is") || line.contains("/api/users/login"));
    }

    @Test
    void a_second_start_on_the_same_folder_names_the_first() throws Exception {
        Path lib = FakeApplications.thatWork(temp.resolve("lib"));
        Process first = start(lib, freePort());
        linesUntil(first, "Stop it with Ctrl-C.");

        Process second = start(lib, freePort());
        assertThat(errors(second)).singleElement().asString().contains("in use", "process " + first.pid());
        assertThat(second.waitFor()).isEqualTo(1);
    }

    @Test
    void a_taken_port_is_said_before_anything_starts() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process waybill = start(FakeApplications.thatWork(temp.resolve("lib")), taken.getLocalPort());
            assertThat(errors(waybill)).singleElement().asString().contains("Port " + taken.getLocalPort());
            assertThat(waybill.waitFor()).isEqualTo(1);
            assertThat(temp.resolve("data/postgresql")).doesNotExist();
        }
    }

    @Test
    void an_application_that_does_not_start_is_named_with_its_cause_and_ends_the_process() throws Exception {
        Process waybill =
                start(FakeApplications.ofWhichOneFails(temp.resolve("lib"), "PaymentApplication"), freePort());
        assertThat(errors(waybill))
                .singleElement()
                .asString()
                .contains("payment context did not start", "no luck today");
        assertThat(waybill.waitFor()).isEqualTo(1);
    }

    @Test
    void an_unknown_option_is_answered_with_the_known_ones() throws Exception {
        Process waybill = launch(List.of("--nonsense"));
        assertThat(errors(waybill))
                .anyMatch(line -> line.contains("--nonsense"))
                .anyMatch(line -> line.contains("--data"));
        assertThat(waybill.waitFor()).isEqualTo(2);
    }

    private Process start(Path lib, int port) throws IOException {
        return launch(
                List.of("--data", temp.resolve("data").toString(), "--port", String.valueOf(port)),
                "-Dwaybill.lib=" + lib);
    }

    private Process launch(List<String> arguments, String... flags) throws IOException {
        var command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Standalone.class.getName()));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command);
        builder.environment().remove("WAYBILL_OPERATOR_PASSWORD");
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static List<String> linesUntil(Process process, String last) throws IOException {
        BufferedReader reader = process.inputReader();
        var lines = new ArrayList<String>();
        String line = reader.readLine();
        while (line != null) {
            lines.add(line);
            if (line.equals(last)) {
                return lines;
            }
            line = reader.readLine();
        }
        throw new IllegalStateException(
                "It said " + lines + " and " + process.errorReader().lines().toList());
    }

    private static List<String> errors(Process process) {
        return process.errorReader()
                .lines()
                .filter(line -> !line.startsWith("WARNING"))
                .toList();
    }

    private static int freePort() {
        return FreePorts.find(1).getFirst();
    }
}
