package io.waybill.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RetryBudgetTest {

    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);

    @Test
    void a_few_are_always_allowed() {
        var budget = new RetryBudget(10, 3, nanos::get);

        assertThat(retries(budget, 10)).isEqualTo(3);
        pass(9);
        assertThat(retries(budget, 10)).isZero();
        pass(1);
        assertThat(retries(budget, 10)).isEqualTo(3);
    }

    @Test
    void many_requests_allow_their_part() {
        var budget = new RetryBudget(20, 0, nanos::get);
        IntStream.range(0, 100).forEach(i -> budget.request());

        assertThat(retries(budget, 100)).isEqualTo(20);
        pass(5);
        IntStream.range(0, 100).forEach(i -> budget.request());
        assertThat(retries(budget, 100)).isEqualTo(20);
        pass(60);
        assertThat(retries(budget, 100)).isZero();
    }

    private void pass(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    private static long retries(RetryBudget budget, int wanted) {
        return IntStream.range(0, wanted).filter(i -> budget.takeRetry()).count();
    }
}
