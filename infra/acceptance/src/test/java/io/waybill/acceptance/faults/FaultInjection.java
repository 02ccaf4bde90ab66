package io.waybill.acceptance.faults;

import static java.util.concurrent.TimeUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A whole system on real servers, of which one part after another breaks while customers go on buying. No test of the
 * ordinary build; {@code infra/docs/reliability.md} has the commands.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FaultInjection {

    /** Off where the machine is too busy to judge how soon orders go on. */
    private static final boolean JUDGED = Boolean.parseBoolean(System.getProperty("waybill.faults.judged", "true"));

    /** Its settings bound its time; this is only longer than the default. */
    @Test
    @Timeout(value = 4, unit = HOURS)
    void whatever_breaks_every_promise_is_kept_and_the_orders_go_on() throws Exception {
        assertThat(Binaries.missing()).as("programs that this machine lacks").isEmpty();
        Result result = Run.with(Settings.fromProperties());

        assertThat(result.audit().violations()).isEmpty();
        assertThat(JUDGED ? result.late() : List.of())
                .as("recoveries that took more than ten seconds")
                .isEmpty();
        assertThat(!JUDGED || result.isWhole())
                .as("all faults and orders within the time")
                .isTrue();
        assertThat(result.memory().unbounded())
                .as("processes whose memory grew beyond twice their heap")
                .isEmpty();
        assertThat(result.gone()).as("processes that ended by themselves").isEmpty();
        assertThat(result.unserved()).as("customers who were never served").isZero();
        assertThat(result.refusals().unhelpful()).as("503 without Retry-After").isZero();
        assertThat(result.refusals().mistakes()).as("answers of 500").isZero();
    }
}
