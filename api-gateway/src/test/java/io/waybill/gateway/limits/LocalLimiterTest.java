package io.waybill.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.gateway.limits.Policy.Rule;
import io.waybill.gateway.limits.Policy.Subject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LocalLimiterTest {

    private final AtomicLong nanos = new AtomicLong(123_456_789);
    private final LocalLimiter limiter = new LocalLimiter(nanos::get);

    @Test
    void a_bucket_grants_its_burst_and_then_one_by_one() {
        var policy = policy(3, new Rule.TokenBucket(100_000));

        assertThat(grants(policy, 5)).isEqualTo(3);
        pass(Duration.ofMillis(99));
        assertThat(limiter.decide(policy, "a"))
                .satisfies(refused -> assertThat(refused.granted()).isFalse())
                .satisfies(refused -> assertThat(refused.waitMicros()).isEqualTo(1_000));
        pass(Duration.ofMillis(1));
        assertThat(grants(policy, 5)).isEqualTo(1);
        pass(Duration.ofSeconds(10));
        assertThat(grants(policy, 5)).isEqualTo(3);
    }

    @Test
    void a_window_is_free_again_when_its_oldest_leaves() {
        var policy = policy(2, new Rule.SlidingWindow(1_000_000));

        assertThat(grants(policy, 1)).isEqualTo(1);
        pass(Duration.ofMillis(600));
        assertThat(grants(policy, 5)).isEqualTo(1);
        pass(Duration.ofMillis(400));
        assertThat(grants(policy, 5)).isZero();
        pass(Duration.ofNanos(1_000));
        assertThat(grants(policy, 5)).isEqualTo(1);
    }

    @Test
    void what_others_granted_counts_too() {
        var policy = policy(2, new Rule.SlidingWindow(1_000_000));

        IntStream.range(0, 7).forEach(i -> limiter.note(policy, "a"));

        assertThat(grants(policy, 1)).isZero();
        pass(Duration.ofMillis(1_001));
        assertThat(grants(policy, 5)).isEqualTo(2);
    }

    @Test
    void clients_do_not_concern_each_other() {
        var policy = policy(1, new Rule.TokenBucket(100_000));

        assertThat(limiter.decide(policy, "a").granted()).isTrue();
        assertThat(limiter.decide(policy, "b").granted()).isTrue();
        assertThat(limiter.decide(policy, "a").granted()).isFalse();
    }

    @Test
    void a_share_is_less_of_everything_but_never_nothing() {
        assertThat(policy(10, new Rule.TokenBucket(100)).shareOf(3)).isEqualTo(policy(3, new Rule.TokenBucket(300)));
        assertThat(policy(5, new Rule.SlidingWindow(100)).shareOf(6)).isEqualTo(policy(1, new Rule.SlidingWindow(100)));
    }

    private long grants(Policy policy, int times) {
        return IntStream.range(0, times)
                .filter(i -> limiter.decide(policy, "a").granted())
                .count();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static Policy policy(int quota, Rule rule) {
        return new Policy("p", Subject.CLIENT, quota, rule, List.of());
    }
}
