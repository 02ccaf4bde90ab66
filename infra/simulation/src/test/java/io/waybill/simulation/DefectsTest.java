package io.waybill.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.simulation.Simulation.Failure;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DefectsTest {

    /** The rarest defect shows in one run of fifty. */
    private static final int SEEDS = 1_000;

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void a_broken_guarantee_is_noticed_within_a_thousand_seeds(Defect defect) {
        OptionalLong seed = new Simulation(defect).firstFailing(1, SEEDS);

        assertThat(seed).isPresent();
        System.out.println(defect + " is noticed with seed " + seed.getAsLong());
    }

    @Test
    void nothing_is_noticed_where_no_guarantee_is_broken() {
        assertThat(new Simulation(Defect.NONE).firstFailing(1, SEEDS)).isEmpty();
    }

    @Test
    void a_failure_is_told_as_a_short_story_that_ends_with_what_is_wrong() {
        Failure failure =
                new Simulation(Defect.FORGETS_THE_REFUND).play(1, SEEDS).orElseThrow();

        assertThat(failure.fewest()).isLessThan(failure.choices() / 2);
        assertThat(failure.story())
                .contains("the customer places")
                .contains("is charged but its order is CANCELLED")
                .contains("-Dwaybill.simulation.seed=" + failure.seed());
    }
}
