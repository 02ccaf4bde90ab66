package io.waybill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Connection;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ServersIT {

    @Test
    void every_database_is_new_and_empty() throws SQLException {
        TestDatabase one = TestServers.freshDatabase("Order context!");
        TestDatabase other = TestServers.freshDatabase("Order context!");

        assertThat(one.url()).isNotEqualTo(other.url()).contains("/waybill_order_context_");
        ask(one, "CREATE TABLE marker AS SELECT 1");
        assertThat(ask(one, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo("1");
        assertThat(ask(other, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo("0");
        assertThat(ask(one, "SHOW server_encoding")).isEqualTo("UTF8");
    }

    @Test
    void the_broker_carries_a_message() throws Exception {
        String queue = TestServers.freshNamespace("testing") + ".queue";
        try (Connection connection = TestServers.broker().connect();
                var channel = connection.createChannel()) {
            channel.queueDeclare(queue, false, true, true, null);
            channel.confirmSelect();
            channel.basicPublish("", queue, null, "hello".getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(5_000);

            assertThat(channel.basicGet(queue, true).getBody()).asString().isEqualTo("hello");
        }
    }

    @Test
    void redis_keeps_a_value() {
        String key = TestServers.freshNamespace("testing") + ":key";
        try (RedisClient client = RedisClient.create(uri(TestServers.redis()));
                var connection = client.connect()) {
            connection.sync().setex(key, 60, "value");

            assertThat(connection.sync().get(key)).isEqualTo("value");
        }
    }

    private static RedisURI uri(TestRedis redis) {
        RedisURI.Builder uri =
                RedisURI.builder().withHost(redis.host()).withPort(redis.port()).withDatabase(redis.database());
        return redis.password().isEmpty()
                ? uri.build()
                : uri.withPassword(redis.password().toCharArray()).build();
    }

    private static String ask(TestDatabase database, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            var row = statement.getResultSet();
            row.next();
            return row.getString(1);
        }
    }
}
