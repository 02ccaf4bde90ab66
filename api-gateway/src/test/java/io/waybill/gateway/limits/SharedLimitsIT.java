package io.waybill.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.gateway.limits.Decision.By;
import io.waybill.testing.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SharedLimitsIT {

    private static final int BURST = 10;
    private static final long INTERVAL = 100_000;
    private static final int WINDOW_QUOTA = 5;
    private static final long WINDOW = 300_000;

    private static Gateways gateways;

    @BeforeAll
    static void start() {
        gateways = new Gateways(
                3,
                TestServers.redis(),
                Gateways.settings(Map.of(
                        "key-prefix", TestServers.freshNamespace("limits") + ":",
                        // A machine that is busy with tests is no reason to decide alone.
                        "patience", "30s",
                        "policies.bucket.quota", Integer.toString(BURST),
                        "policies.bucket.refill", "10",
                        "policies.bucket.routes", "GET /api/products",
                        "policies.window.kind", "sliding-window",
                        "policies.window.quota", Integer.toString(WINDOW_QUOTA),
                        "policies.window.per", "300ms",
                        "policies.window.routes", "GET /api/products/{sku}")));
    }

    @AfterAll
    static void stop() {
        gateways.close();
    }

    @Test
    void a_bucket_grants_its_burst_and_what_came_back_and_never_one_more() {
        var decisions = gateways.askFor(Duration.ofSeconds(6), "bucket", "address:192.0.2.1");

        var first = decisions.stream().mapToLong(Decision::atMicros).min().orElseThrow();
        var last = decisions.stream().mapToLong(Decision::atMicros).max().orElseThrow();
        var granted = decisions.stream().filter(Decision::granted).count();
        var expected = BURST + (last - first) / INTERVAL;
        System.out.printf(
                "Bucket: %d decisions of 3 gateways in %.3f s, %d granted, %d expected%n",
                decisions.size(), (last - first) / 1e6, granted, expected);
        assertThat(decisions).extracting(Decision::by).containsOnly(By.REDIS);
        assertThat(granted).isEqualTo(expected);
    }

    @Test
    void a_window_never_holds_more_than_its_quota_wherever_it_begins() {
        var decisions = gateways.askFor(Duration.ofSeconds(4), "window", "address:192.0.2.2");

        var grants = decisions.stream()
                .filter(Decision::granted)
                .map(Decision::atMicros)
                .sorted()
                .toList();
        System.out.printf("Window: %d decisions of 3 gateways, %d granted%n", decisions.size(), grants.size());
        assertThat(IntStream.range(WINDOW_QUOTA, grants.size()))
                .allSatisfy(i ->
                        assertThat(grants.get(i) - grants.get(i - WINDOW_QUOTA)).isGreaterThan(WINDOW));
        // Nor is it stingy: what is free again is taken soon.
        assertThat(grants.size()).isGreaterThan((int) (0.8 * WINDOW_QUOTA * 4_000_000 / WINDOW));
    }

    @Test
    void requests_at_any_gateway_count_together() {
        var before = redisMicros();

        var statuses = gateways.callAll(
                Duration.ofSeconds(3),
                IntStream.range(0, 3)
                        .mapToObj(number -> (Supplier<Integer>) () -> status(number, "/api/products"))
                        .toList());

        var elapsed = redisMicros() - before;
        var granted = statuses.stream().filter(status -> status == 200).count();
        System.out.printf("HTTP: %d requests, %d granted in %.3f s%n", statuses.size(), granted, elapsed / 1e6);
        assertThat(statuses).containsOnly(200, 429);
        assertThat(granted).isBetween(BURST + 2_000_000 / INTERVAL, BURST + elapsed / INTERVAL);
    }

    private static int status(int gateway, String path) {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(gateways.get(gateway).at(path))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static long redisMicros() {
        return Objects.requireNonNull(gateways.get(0)
                .bean(ReactiveStringRedisTemplate.class)
                .getConnectionFactory()
                .getReactiveConnection()
                .serverCommands()
                .time(TimeUnit.MICROSECONDS)
                .block());
    }
}
