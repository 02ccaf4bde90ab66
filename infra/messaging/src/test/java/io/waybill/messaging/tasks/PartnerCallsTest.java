package io.waybill.messaging.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.messaging.tracing.Tracing;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PartnerCallsTest {

    private static final int FAILURES = 3;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void a_partner_that_fails_again_and_again_is_left_alone_for_a_while() {
        var calls = calls(Duration.ofMillis(300));

        fail(calls, FAILURES);
        assertThatThrownBy(() -> calls.call("charge", this::answer)).isInstanceOf(NotNow.class);

        assertThat(asked).hasValue(0);
        assertThat(state("open")).isOne();
        await().ignoreExceptionsInstanceOf(NotNow.class)
                .until(() -> calls.call("charge", this::answer).equals("yes"));
        assertThat(state("open")).isZero();
    }

    @Test
    void who_is_not_let_through_hears_when_to_come_back() {
        var calls = calls(Duration.ofSeconds(50));

        fail(calls, FAILURES);

        assertThatThrownBy(() -> calls.call("charge", this::answer))
                .isInstanceOfSatisfying(
                        NotNow.class,
                        notNow -> assertThat(notNow.after()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(50)));
    }

    @Test
    void a_partner_that_is_silent_is_left_alone_too() {
        var calls = new PartnerCalls(
                "payment", new TimeLimit(Duration.ofMillis(20)), settings(Duration.ofMinutes(1)), Tracing.off());

        for (var i = 0; i < FAILURES; i++) {
            assertThatThrownBy(() -> calls.run("charge", PartnerCallsTest::waitForEver))
                    .isInstanceOf(TimeLimitExceeded.class);
        }

        assertThatThrownBy(() -> calls.call("charge", this::answer)).isInstanceOf(NotNow.class);
    }

    @Test
    void what_still_works_goes_on() {
        var calls = calls(Duration.ofMinutes(1));

        fail(calls, FAILURES);

        assertThat(calls.call("refund", this::answer)).isEqualTo("yes");
    }

    @Test
    void an_answer_in_between_makes_it_begin_anew() {
        var calls = calls(Duration.ofMinutes(1));

        for (var round = 0; round < 3; round++) {
            fail(calls, FAILURES - 1);
            assertThat(calls.call("charge", this::answer)).isEqualTo("yes");
        }
    }

    @Test
    void only_so_many_calls_are_under_way_at_once() throws InterruptedException {
        var calls = calls(Duration.ofMinutes(1));
        var release = new CountDownLatch(1);
        var first = Thread.ofVirtual()
                .start(() -> calls.run("charge", () -> {
                    asked.incrementAndGet();
                    waitFor(release);
                }));
        await().untilAtomic(asked, Matchers.is(1));

        assertThatThrownBy(() -> calls.call("charge", this::answer)).isInstanceOf(NotNow.class);

        release.countDown();
        assertThat(first.join(Duration.ofSeconds(10))).isTrue();
        assertThat(calls.call("charge", this::answer)).isEqualTo("yes");
    }

    private PartnerCalls calls(Duration openFor) {
        var calls = new PartnerCalls("payment", new TimeLimit(Duration.ofMinutes(1)), settings(openFor), Tracing.off());
        calls.bindTo(metrics);
        return calls;
    }

    private static PartnerSettings settings(Duration openFor) {
        return new PartnerSettings(FAILURES, Duration.ofMinutes(1), openFor, 1, 1);
    }

    private static void fail(PartnerCalls calls, int times) {
        for (var i = 0; i < times; i++) {
            assertThatThrownBy(() -> calls.run("charge", () -> {
                        throw new IllegalStateException("broken line");
                    }))
                    .hasMessage("broken line");
        }
    }

    private String answer() {
        asked.incrementAndGet();
        return "yes";
    }

    private double state(String state) {
        return metrics.get("resilience4j.circuitbreaker.state")
                .tag("name", "payment-charge")
                .tag("state", state)
                .gauge()
                .value();
    }

    private static void waitForEver() {
        waitFor(new CountDownLatch(1));
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
