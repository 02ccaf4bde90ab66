package io.waybill.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CallRecorderTest {

    /** Whom a test object might ask. */
    interface Bell {

        void ring(String door, int times);

        boolean isMuffled();
    }

    private final CallRecorder<Bell> bell = CallRecorder.of(Bell.class);

    @Test
    void what_it_is_asked_for_is_written_down_in_order() {
        bell.collaborator().ring("front", 2);
        bell.collaborator().ring("back", 1);

        assertThat(bell.calls()).containsExactly("ring front 2", "ring back 1");
    }

    @Test
    void it_is_an_object_like_others_and_does_not_write_that_down() {
        assertThat(List.of(bell.collaborator())).contains(bell.collaborator());
        assertThat(bell.collaborator()).hasToString("CallRecorder").isNotEqualTo("front");
        assertThat(bell.calls()).isEmpty();
    }

    @Test
    void an_answer_cannot_be_had() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> bell.collaborator().isMuffled());
    }
}
