package io.waybill.messaging.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LaneTest {

    private static final long LONG_AFTER = Lane.FORGOTTEN.toNanos() + 1_000;

    private final Lane lane = new Lane(
            new TaskHandler() {
                @Override
                public String queue() {
                    return "charge";
                }

                @Override
                public TaskResult handle(String key, int attempt) {
                    return TaskResult.done();
                }
            },
            1);

    @Test
    void only_the_first_failure_is_a_beginning_and_only_the_last_repair_an_end() {
        assertThat(lane.worked("a", 0)).isFalse();
        assertThat(lane.failed("a", 1)).isTrue();
        assertThat(lane.failed("a", 2)).isFalse();
        assertThat(lane.failed("b", 3)).isFalse();
        assertThat(lane.worked("a", 4)).isFalse();
        assertThat(lane.worked("b", 5)).isTrue();
        assertThat(lane.worked("b", 6)).isFalse();
        assertThat(lane.failed("a", 7)).isTrue();
    }

    @Test
    void one_task_that_keeps_failing_among_others_that_work_is_told_once() {
        assertThat(lane.failed("bad", 0)).isTrue();
        for (int nr = 1; nr < 100; nr++) {
            assertThat(lane.worked("good", nr)).isFalse();
            assertThat(lane.failed("bad", nr)).isFalse();
        }
    }

    @Test
    void a_failing_task_that_never_comes_back_is_forgotten() {
        lane.failed("cancelled", 0);
        lane.failed("bad", LONG_AFTER - 1);

        assertThat(lane.worked("good", LONG_AFTER)).isFalse();
        assertThat(lane.worked("bad", LONG_AFTER + 1)).isTrue();
        assertThat(lane.failed("bad", LONG_AFTER + 2)).isTrue();
        assertThat(lane.worked("good", 2 * LONG_AFTER + 3)).isTrue();
    }

    @Test
    void slots_that_a_claim_does_not_need_are_free_again() {
        lane.keep(0, lane.takeAll());

        assertThat(lane.take()).isTrue();
        assertThat(lane.leave()).isFalse();
    }

    @Test
    void a_slot_that_is_left_is_wanted_by_what_was_left_waiting() {
        lane.keep(1, lane.takeAll());

        assertThat(lane.takeAll()).isZero();
        assertThat(lane.leave()).isTrue();
    }

    @Test
    void nobody_begins_before_those_who_came_while_all_slots_were_taken() {
        int taken = lane.takeAll();
        assertThat(lane.take()).isFalse();
        lane.keep(0, taken);

        assertThat(lane.take()).isFalse();
        lane.keep(0, lane.takeAll());
        assertThat(lane.take()).isTrue();
    }
}
