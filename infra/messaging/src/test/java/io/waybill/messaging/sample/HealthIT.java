package io.waybill.messaging.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.messaging.WaybillApplication;
import io.waybill.messaging.database.DatabaseReach;
import io.waybill.testing.TestServers;
import io.waybill.testing.TestTokens;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** What a context says of itself at its management port when it cannot do its work. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HealthIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String NAMESPACE = TestServers.freshNamespace("health");

    /** The longest time in which a probe or a fetch is answered. */
    private static final Duration BOUND = Duration.ofSeconds(15);

    @Test
    void with_its_servers_it_is_ready_and_its_meters_can_be_fetched_without_a_token_there_alone() throws Exception {
        try (var context = start(TestServers.broker().springProperties())) {
            assertThat(managed(context, "/actuator/health/readiness").statusCode())
                    .isEqualTo(200);
            assertThat(asked(context, "local.server.port", "/readyz").statusCode())
                    .isEqualTo(200);
            await().untilAsserted(() -> assertThat(
                            managed(context, "/actuator/prometheus").body())
                    .contains(
                            "waybill_processor_lag_events{processor=\"inventory.outbox\"} 0.0",
                            "waybill_queue_depth_messages{queue=\"" + NAMESPACE + ".inventory.commands\"} 0.0"));
            assertThat(asked(context, "local.server.port", "/actuator/prometheus")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(managed(context, "/actuator/env").statusCode()).isNotEqualTo(200);
        }
    }

    @Test
    void without_the_broker_it_starts_and_lives_but_is_not_ready() throws Exception {
        try (var context = start(
                Map.of("spring.rabbitmq.host", "127.0.0.1", "spring.rabbitmq.port", String.valueOf(closedPort())))) {
            assertThat(managed(context, "/actuator/health/liveness").statusCode())
                    .isEqualTo(200);
            assertThat(asked(context, "local.server.port", "/livez").statusCode())
                    .isEqualTo(200);
            assertThat(managed(context, "/actuator/health/readiness").statusCode())
                    .isEqualTo(503);
            assertThat(managed(context, "/actuator/prometheus").body())
                    .contains("waybill_queue_depth_messages{queue=\"" + NAMESPACE + ".inventory.commands\"} NaN");
        }
    }

    @Test
    void without_its_database_it_lives_but_is_not_ready_and_meters_that_need_it_are_unknown() throws Exception {
        try (var context = start(TestServers.broker().springProperties())) {
            context.getBean(HikariDataSource.class).close();

            assertThat(managed(context, "/actuator/health/liveness").statusCode())
                    .isEqualTo(200);
            assertThat(managed(context, "/actuator/health/readiness").statusCode())
                    .isEqualTo(503);
            HttpResponse<String> meters = managed(context, "/actuator/prometheus");
            assertThat(meters.statusCode()).isEqualTo(200);
            assertThat(meters.body()).contains("waybill_outbox_age_seconds NaN", "jvm_memory_used_bytes");
        }
    }

    @Test
    void while_its_database_takes_connections_and_never_answers_it_lives_but_is_not_ready_and_its_meters_answer()
            throws Exception {
        URI server = URI.create(TestServers.freshDatabase("hanging").url().substring("jdbc:".length()));
        try (var way = new TcpProxy(server.getHost(), server.getPort())) {
            way.mend();
            String hanging = "jdbc:postgresql://%s:%d%s".formatted(way.host(), way.port(), server.getPath());
            try (var context =
                    start(TestServers.broker().springProperties(), Map.of("spring.datasource.url", hanging))) {
                assertThat(managed(context, "/actuator/health/readiness").statusCode())
                        .isEqualTo(200);
                way.hang();

                assertAnswered(context, "/actuator/health/readiness", 503);
                assertAnswered(context, "/actuator/health/liveness", 200);
                assertThat(assertAnswered(context, "/actuator/prometheus", 200).body())
                        .contains("jvm_memory_used_bytes");

                way.goOn();
                await().atMost(BOUND)
                        .until(() ->
                                managed(context, "/actuator/health/readiness").statusCode() == 200);
            } finally {
                way.goOn();
            }
        }
    }

    @Test
    void while_its_database_is_away_requests_are_refused_at_once_and_answered_when_it_is_back() throws Exception {
        URI server = URI.create(TestServers.freshDatabase("away").url().substring("jdbc:".length()));
        try (var way = new TcpProxy(server.getHost(), server.getPort())) {
            way.mend();
            var settings = Map.of(
                    "spring.datasource.url",
                    "jdbc:postgresql://%s:%d%s".formatted(way.host(), way.port(), server.getPath()),
                    // Who waited for a connection would wait longer than this test does.
                    "spring.datasource.hikari.connection-timeout",
                    "120000");
            try (var context = start(TestServers.broker().springProperties(), settings)) {
                assertThat(administration(context).statusCode()).isEqualTo(200);
                way.cut();
                DatabaseReach database = context.getBean(DatabaseReach.class);
                await().atMost(BOUND).until(database::isAway);

                HttpResponse<String> refusal = administration(context);
                assertThat(refusal.statusCode()).isEqualTo(503);
                assertThat(refusal.body()).contains("TEMPORARILY_UNAVAILABLE");
                assertThat(refusal.headers().firstValue("Retry-After")).isPresent();

                way.mend();
                await().atMost(BOUND).until(() -> administration(context).statusCode() == 200);
                assertThat(database.isAway()).isFalse();
            }
        }
    }

    /** What an operator reads of the database. */
    private static HttpResponse<String> administration(ConfigurableApplicationContext context)
            throws IOException, InterruptedException {
        URI uri = URI.create(
                "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/api/admin/parked");
        return HTTP.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", TestTokens.operator())
                        .timeout(BOUND)
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> assertAnswered(ConfigurableApplicationContext context, String path, int status)
            throws Exception {
        long begin = System.nanoTime();
        HttpResponse<String> answer = managed(context, path);
        assertThat(answer.statusCode()).as(path).isEqualTo(status);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(path).isLessThan(BOUND);
        return answer;
    }

    private static ConfigurableApplicationContext start(Map<String, String> broker) {
        return start(broker, Map.of());
    }

    private static ConfigurableApplicationContext start(Map<String, String> broker, Map<String, String> others) {
        Map<String, String> database =
                new HashMap<>(TestServers.freshDatabase("health").springProperties());
        database.putAll(others);
        String[] arguments = Stream.of(
                        database,
                        broker,
                        TestTokens.springProperties(),
                        Map.of(
                                "server.port", "0",
                                "management.server.port", "0",
                                "waybill.messaging.namespace", NAMESPACE,
                                "waybill.messaging.queue-expiry", "10m",
                                "spring.datasource.hikari.maximum-pool-size", "10",
                                "spring.datasource.hikari.minimum-idle", "2"))
                .flatMap(settings -> settings.entrySet().stream())
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        return WaybillApplication.start(SampleMessages.CONTEXT, SampleApplication.class, arguments);
    }

    private static HttpResponse<String> managed(ConfigurableApplicationContext context, String path)
            throws IOException, InterruptedException {
        return asked(context, "local.management.port", path);
    }

    private static HttpResponse<String> asked(ConfigurableApplicationContext context, String port, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty(port) + path);
        return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static int closedPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
