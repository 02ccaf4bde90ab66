package io.waybill.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RedisServerIT {

    @TempDir
    Path folder;

    @Test
    void what_was_written_is_there_after_the_JVM_was_killed() throws Exception {
        Victim.kill(Victim.run("redis", folder));
        try (var server = RedisServer.start(folder, 0)) {
            assertThat(note(server)).isEqualTo("kept");
        }
    }

    @Test
    void the_server_that_a_killed_JVM_leaves_behind_is_stopped_at_the_next_start() throws Exception {
        Victim.killWithGuard(Victim.run("redis", folder));
        String orphan = Files.readString(folder.resolve("redis.pid")).strip();
        assertThat(ProcessHandle.of(Long.parseLong(orphan))).isPresent();
        try (var server = RedisServer.start(folder, 0)) {
            assertThat(Files.readString(folder.resolve("redis.pid")).strip()).isNotEqualTo(orphan);
            assertThat(note(server)).isEqualTo("kept");
        }
    }

    @Test
    void nobody_enters_without_the_password() {
        try (var server = RedisServer.start(folder, 0);
                var client = RedisClient.create("redis://127.0.0.1:" + server.port())) {
            assertThatThrownBy(() -> client.connect().sync().get("note")).isInstanceOf(RedisException.class);
        }
    }

    @Test
    void a_closed_server_can_be_started_again_on_its_port() {
        int port;
        try (var server = RedisServer.start(folder, 0)) {
            port = server.port();
        }
        try (var server = RedisServer.start(folder, port)) {
            assertThat(server.port()).isEqualTo(port);
            assertThatThrownBy(() -> RedisServer.start(folder.resolve("other"), port))
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining(String.valueOf(port));
        }
    }

    private static String note(RedisServer server) {
        try (var client = RedisClient.create(server.url())) {
            return client.connect().sync().get("note");
        }
    }
}
