package io.waybill.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DataFolderTest {

    @TempDir
    Path temp;

    @Test
    void a_new_folder_is_its_owners_alone() throws Exception {
        try (var folder = DataFolder.open(temp.resolve("new"))) {
            assertThat(permissions(folder.path())).isEqualTo("rwx------");
        }
    }

    @Test
    void a_folder_opened_twice_in_this_process_stays_locked_by_the_first() throws Exception {
        try (var first = DataFolder.open(temp)) {
            assertThatThrownBy(() -> DataFolder.open(temp))
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
            assertThatThrownBy(() -> Victim.run("folder", first.path())).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_folder_held_by_another_process_names_that_process() throws Exception {
        Process holder = Victim.run("folder", temp);
        try {
            assertThatThrownBy(() -> DataFolder.open(temp))
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining("process " + holder.pid());
        } finally {
            Victim.kill(holder);
        }
    }

    @Test
    void a_folder_is_free_again_when_its_holder_was_killed() throws Exception {
        Victim.kill(Victim.run("folder", temp));
        DataFolder.open(temp).close();
    }

    @Test
    void a_folder_is_free_again_when_it_was_closed() {
        DataFolder.open(temp).close();
        DataFolder.open(temp).close();
    }

    @Test
    void a_secret_is_drawn_once_and_kept_for_its_owner_alone() throws Exception {
        String secret;
        try (var folder = DataFolder.open(temp)) {
            secret = folder.secret("password");
            assertThat(secret).hasSize(32).isNotEqualTo(folder.secret("other"));
            assertThat(permissions(folder.resolve("password"))).isEqualTo("rw-------");
        }
        try (var folder = DataFolder.open(temp)) {
            assertThat(folder.secret("password")).isEqualTo(secret);
        }
    }

    @Test
    void a_secret_that_others_could_read_is_closed_to_them() throws Exception {
        Path file = Files.writeString(temp.resolve("password"), "mine\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        try (var folder = DataFolder.open(temp)) {
            assertThat(folder.secret("password")).isEqualTo("mine");
            assertThat(permissions(file)).isEqualTo("rw-------");
        }
    }

    @Test
    void a_file_where_the_folder_should_be_is_a_clear_error() throws Exception {
        Path file = Files.createFile(temp.resolve("file"));
        assertThatThrownBy(() -> DataFolder.open(file))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void a_temporary_folder_goes_when_it_is_closed() throws Exception {
        var folder = DataFolder.temporary("waybill-test-");
        Files.createFile(folder.resolve("file"));
        folder.close();
        assertThat(folder.path()).doesNotExist();
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
