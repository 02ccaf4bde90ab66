package io.waybill.messaging.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CachedReadingTest {

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void many_gauges_that_are_read_together_ask_once() {
        var reading = new CachedReading<>("test", asked::incrementAndGet, Duration.ofHours(1));

        assertThat(reading.get()).contains(1);
        assertThat(reading.get()).contains(1);
    }

    @Test
    void what_is_old_is_asked_anew() {
        var reading = new CachedReading<>("test", asked::incrementAndGet, Duration.ZERO);

        assertThat(reading.get()).contains(1);
        assertThat(reading.get()).contains(2);
    }

    @Test
    void a_server_that_fails_is_no_failure_of_the_gauge() {
        var reading = new CachedReading<Integer>("test", () -> {
            throw new IllegalStateException("away");
        });

        assertThat(reading.get()).isEmpty();
    }

    @Test
    void says_whether_a_server_can_be_reached() {
        var meters = new SimpleMeterRegistry();
        var present = new CachedReading<>("test", () -> 1);
        var away = new CachedReading<Integer>("test", () -> {
            throw new IllegalStateException("away");
        });
        present.reachable("database", meters);
        away.reachable("broker", meters);

        var name = "waybill.server.reachable";
        assertThat(meters.get(name).tag("server", "database").gauge().value()).isEqualTo(1);
        assertThat(meters.get(name).tag("server", "broker").gauge().value()).isZero();
    }

    @Test
    void a_server_that_hangs_is_asked_once_and_waited_for_once() {
        var answers = new CountDownLatch(1);
        var reading = new CachedReading<>(
                "test",
                () -> {
                    int nth = asked.incrementAndGet();
                    answers.await();
                    return nth;
                },
                Duration.ZERO);

        assertThat(reading.get()).isEmpty();
        long begin = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThat(reading.get()).isEmpty();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        assertThat(asked).hasValue(1);

        answers.countDown();
        Awaitility.await().until(() -> reading.get().isPresent());
    }
}
