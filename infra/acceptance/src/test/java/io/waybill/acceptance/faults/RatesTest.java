package io.waybill.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RatesTest {

    private final Rates rates = new Rates();

    @Test
    void the_rate_is_back_when_orders_are_accepted_and_decided_as_before() {
        orders(0, 10);
        for (int second = 13; second < 20; second++) {
            accept(second);
        }
        for (int second = 16; second < 20; second++) {
            decide(second);
        }

        assertThat(rates.perSecond(at(0), at(10))).isEqualTo(10);
        assertThat(rates.backAfter(at(12), 10, at(15))).isEmpty();
        assertThat(Duration.ofNanos(rates.backAfter(at(12), 10, at(20)).orElseThrow()))
                .isBetween(Duration.ofMillis(3_500), Duration.ofMillis(3_700));
    }

    @Test
    void a_rate_that_never_fell_was_back_at_once() {
        orders(0, 10);

        assertThat(rates.backAfter(at(2), 10, at(10))).isEqualTo(OptionalLong.of(0));
    }

    private void orders(int from, int to) {
        for (int second = from; second < to; second++) {
            accept(second);
            decide(second);
        }
    }

    /** Ten in a second, evenly. */
    private void accept(int second) {
        for (int tenth = 0; tenth < 10; tenth++) {
            rates.accepted(at(second) + tenth * 100_000_000L);
        }
    }

    private void decide(int second) {
        for (int tenth = 0; tenth < 10; tenth++) {
            rates.decided(at(second) + tenth * 100_000_000L, 1);
        }
    }

    private static long at(int second) {
        return Duration.ofSeconds(second).toNanos();
    }
}
