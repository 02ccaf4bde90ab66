package io.waybill.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ScheduleTest {

    private static final int KINDS = Kind.values().length;

    @Test
    void a_seed_repeats_the_schedule() {
        assertThat(Schedule.of(7, 100, kind -> true))
                .hasSize(100)
                .isEqualTo(Schedule.of(7, 100, kind -> true))
                .isNotEqualTo(Schedule.of(8, 100, kind -> true));
    }

    @Test
    void every_kind_has_its_turn() {
        List<Fault> faults = Schedule.of(7, 3 * KINDS, kind -> true);

        for (int turn = 0; turn < 3; turn++) {
            assertThat(faults.subList(turn * KINDS, (turn + 1) * KINDS))
                    .extracting(Fault::kind)
                    .containsExactlyInAnyOrder(Kind.values());
        }
    }

    @Test
    void what_the_machine_cannot_do_is_left_out() {
        assertThat(Schedule.of(7, 100, kind -> kind != Kind.FULL_DISK_POSTGRESQL))
                .extracting(Fault::kind)
                .doesNotContain(Kind.FULL_DISK_POSTGRESQL)
                .hasSize(100);
    }
}
