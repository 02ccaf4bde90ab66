package io.waybill.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import java.io.IOException;
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
        int port = orphansPort();
        assertThat(FreePorts.isFree(port)).isFalse();
        try (var server = RedisServer.start(folder, 0)) {
            assertThat(FreePorts.isFree(port)).isTrue();
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
    void a_server_that_is_full_forgets_nothing() {
        try (var server = RedisServer.start(folder, 0);
                var client = RedisClient.create(server.url())) {
            var redis = client.connect().sync();
            redis.setex("kept", 60, "kept");
            assertThat(redis.configGet("maxmemory")).containsEntry("maxmemory", String.valueOf(256 << 20));

            redis.configSet("maxmemory", "1");

            assertThatThrownBy(() -> redis.set("more", "more")).hasMessageStartingWith("OOM");
            assertThat(redis.get("kept")).isEqualTo("kept");
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

    private int orphansPort() throws IOException {
        return Files.readAllLines(folder.resolve("redis.conf")).stream()
                .filter(line -> line.startsWith("port "))
                .mapToInt(line -> Integer.parseInt(line.substring("port ".length())))
                .findFirst()
                .orElseThrow();
    }

    private static String note(RedisServer server) {
        try (var client = RedisClient.create(server.url())) {
            return client.connect().sync().get("note");
        }
    }
}
