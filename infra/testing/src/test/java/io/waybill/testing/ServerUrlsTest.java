package io.waybill.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ServerUrlsTest {

    @Test
    void a_jdbc_url_names_user_password_and_other_parameters() {
        assertThat(ServerUrls.postgres("jdbc:postgresql://db:6543/admin?user=u&password=p%26%2B&sslmode=require"))
                .isEqualTo(new PostgresAccess("db", 6543, "admin", "u", "p&+", "sslmode=require"));
    }

    @Test
    void a_jdbc_url_may_leave_out_what_is_usual() {
        assertThat(ServerUrls.postgres("jdbc:postgresql://db"))
                .isEqualTo(new PostgresAccess("db", 5432, "postgres", "postgres", "", ""));
    }

    @Test
    void an_amqp_url_names_user_password_and_virtual_host() {
        assertThat(ServerUrls.broker("amqp://u:p%40ss@mq:5673/tests"))
                .isEqualTo(new TestBroker("mq", 5673, "u", "p@ss", "tests"));
        assertThat(ServerUrls.broker("amqp://mq")).isEqualTo(new TestBroker("mq", 5672, "guest", "guest", "/"));
        assertThat(ServerUrls.broker("amqp://mq/%2F").virtualHost()).isEqualTo("/");
    }

    @Test
    void a_redis_url_names_user_password_and_database() {
        assertThat(ServerUrls.redis("redis://:secret@cache:6380/3"))
                .isEqualTo(new TestRedis("cache", 6380, "", "secret", 3));
        assertThat(ServerUrls.redis("redis://cache")).isEqualTo(new TestRedis("cache", 6379, "", "", 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://u:hidden@db/x",
                "jdbc:mysql://u:hidden@db/x",
                "jdbc:postgresql://db/ x?password=hidden",
                ""
            })
    void other_forms_are_refused_without_repeating_the_password(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerUrls.postgres(url))
                .satisfies(refusal -> assertThat(refusal).hasStackTraceContaining("form"))
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("hidden"));
        assertThatIllegalArgumentException().isThrownBy(() -> ServerUrls.broker(url));
        assertThatIllegalArgumentException().isThrownBy(() -> ServerUrls.redis(url));
    }

    @Test
    void no_setting_prints_its_password() {
        assertThat(ServerUrls.postgres("jdbc:postgresql://db?password=hidden").toString())
                .doesNotContain("hidden");
        assertThat(ServerUrls.broker("amqp://u:hidden@mq").toString()).doesNotContain("hidden");
        assertThat(ServerUrls.redis("redis://:hidden@cache").toString()).doesNotContain("hidden");
        assertThat(new TestDatabase("jdbc:postgresql://db/x", "u", "hidden").toString())
                .doesNotContain("hidden");
    }
}
