package io.waybill.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.embedded.DataFolder;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PreflightTest {

    @TempDir
    Path temp;

    @Test
    void a_writable_folder_is_left_as_it_was() {
        try (var folder = DataFolder.open(temp)) {
            Preflight.requireRoom(folder);
            assertThat(folder.resolve("probe")).doesNotExist();
        }
    }

    @Test
    void a_full_disk_is_a_clear_error() {
        try (var folder = DataFolder.open(temp)) {
            assertThatThrownBy(() -> Preflight.requireRoom(folder, Long.MAX_VALUE))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(folder.path().toString());
        }
    }

    @Test
    void a_folder_that_cannot_be_written_is_a_clear_error() throws Exception {
        Files.createDirectory(temp.resolve("probe"));
        try (var folder = DataFolder.open(temp)) {
            assertThatThrownBy(() -> Preflight.requireRoom(folder))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(folder.path().toString());
        }
    }

    @Test
    void a_taken_port_is_a_clear_error() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Preflight.requireFree(taken.getLocalPort()))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()));
        }
    }
}
