package io.waybill.messaging.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StreamPositionTest {

    private static final StreamPosition EARLY = new StreamPosition(9, 500);
    private static final StreamPosition MIDDLE = new StreamPosition(10, 3);
    private static final StreamPosition LATE = new StreamPosition(10, 4);

    @Test
    void the_transaction_comes_before_the_position() {
        assertThat(List.of(LATE, EARLY, MIDDLE).stream().sorted()).containsExactly(EARLY, MIDDLE, LATE);
        assertThat(StreamPosition.START).isLessThan(EARLY);
    }

    @Test
    void a_place_covers_itself_and_all_before_it() {
        assertThat(MIDDLE.covers(null)).isTrue();
        assertThat(MIDDLE.covers(EARLY)).isTrue();
        assertThat(MIDDLE.covers(MIDDLE)).isTrue();
        assertThat(MIDDLE.covers(LATE)).isFalse();
    }

    @Test
    void bounds_are_the_earlier_and_the_later_place() {
        assertThat(MIDDLE.lowerBound(EARLY)).isEqualTo(EARLY);
        assertThat(EARLY.lowerBound(MIDDLE)).isEqualTo(EARLY);
        assertThat(MIDDLE.upperBound(EARLY)).isEqualTo(MIDDLE);
        assertThat(EARLY.upperBound(MIDDLE)).isEqualTo(MIDDLE);
    }

    @Test
    void a_wrapped_token_stands_for_the_place_inside() {
        assertThat(StreamPosition.of(ReplayToken.createReplayToken(LATE, EARLY)))
                .isEqualTo(EARLY);
        assertThat(StreamPosition.of(ReplayToken.createReplayToken(LATE))).isEqualTo(StreamPosition.START);
        assertThat(StreamPosition.of(null)).isEqualTo(StreamPosition.START);
    }

    @Test
    void a_token_of_another_kind_of_stream_is_refused() {
        assertThatThrownBy(() -> StreamPosition.of(new GlobalSequenceTrackingToken(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_was_written_is_read_back() {
        assertThat(EARLY).hasToString("9:500");
        assertThat(StreamPosition.parse("9:500")).isEqualTo(EARLY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "9", "9:", ":500", "a:b", "9:500:1", "9 : 500", "99999999999999999999:1"})
    void anything_else_is_no_position(String text) {
        assertThatThrownBy(() -> StreamPosition.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
