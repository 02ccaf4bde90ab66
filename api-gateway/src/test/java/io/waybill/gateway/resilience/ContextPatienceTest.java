package io.waybill.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.gateway.BoundedContext;
import io.waybill.gateway.RunningGateway;
import io.waybill.gateway.StubContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import reactor.core.publisher.Mono;

/** How long the gateway is patient with a context, as shipped and as it is set. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ContextPatienceTest {

    @Test
    void a_context_that_answers_late_again_and_again_is_left_alone_too() {
        try (var gateway = new RunningGateway(
                "--waybill.gateway.resilience.slow-try=50ms", "--waybill.gateway.resilience.failures=3")) {
            var payments = gateway.context(BoundedContext.PAYMENT);
            payments.answers(response -> Mono.delay(Duration.ofMillis(100))
                    .then(Mono.from(StubContext.json(200, "{}").to(response))));
            for (var i = 0; i < 3; i++) {
                expectStatus(gateway, 200);
            }

            expectStatus(gateway, 503);

            assertThat(payments.seen()).hasSize(3);
        }
    }

    @Test
    void one_that_is_late_is_not_asked_sooner_because_of_what_it_said_before() {
        try (var gateway = new RunningGateway(
                "--waybill.gateway.resilience.slow-try=50ms", "--waybill.gateway.resilience.failures=3")) {
            var isFirst = new AtomicBoolean(true);
            gateway.context(BoundedContext.PAYMENT)
                    .answers(response -> isFirst.getAndSet(false)
                            ? response.status(503).header("Retry-After", "1").send()
                            : Mono.delay(Duration.ofMillis(100))
                                    .then(Mono.from(StubContext.json(200, "{}").to(response))));
            for (var i = 0; i < 3; i++) {
                expectStatus(gateway, 200);
            }

            expectStatus(gateway, 503).expectHeader().valueEquals("Retry-After", "2");
        }
    }

    @Test
    void each_pause_is_longer_than_the_one_before() {
        try (var gateway = new RunningGateway(
                "--waybill.gateway.resilience.tries=4", "--waybill.gateway.resilience.first-pause=100ms")) {
            gateway.context(BoundedContext.PAYMENT).answers(StubContext.json(503, "{}"));
            var began = System.nanoTime();

            expectStatus(gateway, 503);

            // Without what is added at random.
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(100 + 200 + 400));
        }
    }

    @Test
    void all_tries_together_have_an_end() {
        try (var gateway = new RunningGateway(
                "--waybill.gateway.response-timeout=600ms",
                "--waybill.gateway.resilience.try-timeout=250ms",
                "--waybill.gateway.resilience.first-pause=200ms")) {
            gateway.context(BoundedContext.PAYMENT).answers(StubContext.silence());

            expectStatus(gateway, 503);

            // After a second one nothing is left for the pause before a third.
            assertThat(gateway.context(BoundedContext.PAYMENT).seen().size()).isBetween(1, 2);
        }
    }

    @Test
    void nobody_has_to_set_anything() {
        assertThat(settings(Map.of()))
                .isEqualTo(new ResilienceSettings(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(5),
                        5,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(30),
                        3,
                        3,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        10,
                        10,
                        250));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "try-timeout=0s",
                "keyed-try-timeout=0s",
                "failures=0",
                "slow-try=0s",
                "open-for=0s",
                "half-open-tries=0",
                "tries=0",
                "first-pause=0s",
                "longest-pause=10ms",
                "retry-percent=101",
                "retry-minimum=-1",
                "bulkhead=0",
            })
    void a_setting_that_makes_no_sense_is_refused(String setting) {
        var parts = setting.split("=", 2);

        assertThatThrownBy(() -> settings(Map.of("waybill.gateway.resilience." + parts[0], parts[1])))
                .rootCause()
                .hasMessageContaining("waybill.gateway.resilience." + parts[0]);
    }

    private static ResilienceSettings settings(Map<String, String> set) {
        return new Binder(new MapConfigurationPropertySource(set))
                .bindOrCreate("waybill.gateway.resilience", ResilienceSettings.class);
    }

    private static ResponseSpec expectStatus(RunningGateway gateway, int status) {
        return gateway.client()
                .get()
                .uri("/api/payments/p-1")
                .exchange()
                .expectStatus()
                .isEqualTo(status);
    }
}
