package io.waybill.messaging.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.waiting.ReadModels.Horizon;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HorizonTest {

    private static final StreamPosition STORED = new StreamPosition(100, 10);

    private static StreamPosition at(long transactionId, long offset) {
        return new StreamPosition(transactionId, offset);
    }

    @Test
    void covers_what_was_handled() {
        Horizon horizon = new Horizon(STORED, at(100, 11), 200, false, false);
        assertThat(horizon.covers(STORED)).isTrue();
        assertThat(horizon.covers(at(99, 99))).isTrue();
        assertThat(horizon.covers(at(100, 11))).isFalse();
    }

    @Test
    void covers_what_does_not_concern_it_up_to_what_does() {
        Horizon horizon = new Horizon(STORED, at(120, 30), 200, false, false);
        assertThat(horizon.covers(at(120, 29))).isTrue();
        assertThat(horizon.covers(at(120, 30))).isFalse();
        assertThat(horizon.covers(at(121, 1))).isFalse();
    }

    @Test
    void covers_nothing_before_which_something_may_still_appear() {
        Horizon horizon = new Horizon(STORED, null, 150, false, false);
        assertThat(horizon.covers(at(149, 50))).isTrue();
        assertThat(horizon.covers(at(150, 1))).isFalse();
    }
}
