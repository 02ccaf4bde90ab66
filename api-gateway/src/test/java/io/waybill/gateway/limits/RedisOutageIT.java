package io.waybill.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.embedded.RedisServer;
import io.waybill.gateway.RunningGateway;
import io.waybill.gateway.limits.Decision.By;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RedisOutageIT {

    private static final int QUOTA = 20;
    private static final int GATEWAYS = 4;

    @TempDir
    private Path folder;

    private RedisServer redis;
    private String url;

    @BeforeEach
    void start() {
        redis = RedisServer.start(folder, 0);
        url = redis.url();
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void a_gateway_that_loses_redis_grants_its_share_until_redis_is_back() {
        try (var gateway = gateway()) {
            assertThat(decide(gateway, "address:192.0.2.1").by()).isEqualTo(By.REDIS);
            assertThat(alone(gateway)).isZero();

            redis.close();
            await().until(() -> decide(gateway, "address:192.0.2.1").by() == By.GATEWAY && alone(gateway) == 1);
            var granted = IntStream.range(0, 2 * QUOTA)
                    .filter(i -> decide(gateway, "address:192.0.2.2").granted())
                    .count();
            assertThat(granted).isEqualTo(QUOTA / GATEWAYS);

            comeBack();
            await().until(() -> decide(gateway, "address:192.0.2.3").by() == By.REDIS && alone(gateway) == 0);
            // Redis has not heard of what the gateway granted meanwhile, but the gateway remembers.
            assertThat(decide(gateway, "address:192.0.2.2").granted()).isFalse();
        }
    }

    @Test
    void a_gateway_does_not_grant_again_what_redis_has_just_granted_through_it() {
        try (var gateway = gateway()) {
            IntStream.range(0, QUOTA / GATEWAYS)
                    .forEach(i -> assertThat(decide(gateway, "address:192.0.2.1"))
                            .extracting(Decision::by, Decision::granted)
                            .containsExactly(By.REDIS, true));

            redis.close();

            await().until(() -> decide(gateway, "address:192.0.2.9").by() == By.GATEWAY);
            assertThat(decide(gateway, "address:192.0.2.1").granted()).isFalse();
        }
    }

    @Test
    void a_gateway_that_starts_without_redis_finds_it_later() {
        redis.close();
        try (var gateway = gateway()) {
            assertThat(decide(gateway, "address:192.0.2.1").by()).isEqualTo(By.GATEWAY);
            assertThat(alone(gateway)).isOne();

            comeBack();

            await().until(() -> decide(gateway, "address:192.0.2.1").by() == By.REDIS && alone(gateway) == 0);
        }
    }

    @Test
    void a_slow_redis_holds_no_request_up() {
        try (var gateway = gateway();
                var operator = RedisClient.create(redis.url())) {
            assertThat(decide(gateway, "address:192.0.2.1").by()).isEqualTo(By.REDIS);
            operator.connect().sync().clientPause(3_000);

            var begin = System.nanoTime();
            gateway.client()
                    .get()
                    .uri("/api/products")
                    .exchange()
                    .expectStatus()
                    .isOk();

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
            await().until(() -> decide(gateway, "address:192.0.2.1").by() == By.REDIS && alone(gateway) == 0);
        }
    }

    private void comeBack() {
        redis = RedisServer.start(folder, redis.port());
    }

    private RunningGateway gateway() {
        return gateway(url);
    }

    private static RunningGateway gateway(String url) {
        return new RunningGateway(Stream.concat(
                        Stream.of("--spring.data.redis.url=" + url),
                        Stream.of(Gateways.settings(Map.of(
                                "probe", "200ms",
                                "gateways", Integer.toString(GATEWAYS),
                                "policies.window.kind", "sliding-window",
                                "policies.window.quota", Integer.toString(QUOTA),
                                "policies.window.per", "60s",
                                "policies.window.routes", "GET /api/orders/{id}"))))
                .toArray(String[]::new));
    }

    private static Decision decide(RunningGateway gateway, String subject) {
        return Objects.requireNonNull(gateway.bean(Limiter.class)
                .decide(Gateways.policy(gateway, "window"), subject, Schedulers.parallel())
                .block());
    }

    private static double alone(RunningGateway gateway) {
        return gateway.bean(MeterRegistry.class)
                .get("waybill.gateway.limits.alone")
                .gauge()
                .value();
    }
}
