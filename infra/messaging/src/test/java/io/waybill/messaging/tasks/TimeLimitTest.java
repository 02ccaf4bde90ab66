package io.waybill.messaging.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TimeLimitTest {

    @Test
    void an_answer_in_time_is_passed_on() {
        assertThat(new TimeLimit(Duration.ofMinutes(1)).call(() -> "yes")).isEqualTo("yes");
    }

    @Test
    void a_failure_in_time_is_passed_on_as_it_is() {
        RuntimeException failure = new IllegalStateException("broken line");

        assertThatThrownBy(() -> new TimeLimit(Duration.ofMinutes(1)).run(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void a_call_that_is_too_late_is_given_up_and_interrupted() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);

        assertThatThrownBy(() -> new TimeLimit(Duration.ofMillis(50)).run(() -> waitForEver(interrupted)))
                .isInstanceOf(TimeLimitExceeded.class);
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void waitForEver(CountDownLatch interrupted) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.countDown();
        }
    }
}
