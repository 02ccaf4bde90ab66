package io.waybill.messaging.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReadingPaceTest {

    private static final long DISTANCE = Duration.ofMillis(100).toNanos();

    private long now = 1_000_000;
    private final ReadingPace pace = new ReadingPace(() -> now);

    @Test
    void a_few_reads_in_a_row_wait_for_nothing() {
        assertThat(waits(20)).containsOnly(0L);
    }

    @Test
    void those_that_follow_keep_a_distance() {
        waits(20);

        assertThat(waits(3)).containsExactly(DISTANCE, 2 * DISTANCE, 3 * DISTANCE);
    }

    @Test
    void a_rest_lets_a_few_happen_at_once_again_and_no_more_however_long_it_was() {
        waits(20);
        now += Duration.ofHours(1).toNanos();

        assertThat(waits(20)).containsOnly(0L);
        assertThat(waits(1)).containsExactly(DISTANCE);
    }

    @Test
    void reads_that_keep_their_distance_by_themselves_never_wait() {
        waits(20);
        now += DISTANCE;
        for (int read = 0; read < 100; read++) {
            assertThat(pace.next()).isZero();
            now += DISTANCE;
        }
    }

    private List<Long> waits(int reads) {
        return Stream.generate(pace::next).limit(reads).toList();
    }
}
