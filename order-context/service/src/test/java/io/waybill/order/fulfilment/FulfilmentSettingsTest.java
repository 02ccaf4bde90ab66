package io.waybill.order.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FulfilmentSettingsTest {

    private final FulfilmentSettings settings =
            new FulfilmentSettings(Duration.ofSeconds(5), Duration.ofMinutes(5), 8, 3);

    @Test
    void the_wait_doubles_from_five_seconds_to_five_minutes() {
        assertThat(settings.waitAfter(0)).hasSeconds(5);
        assertThat(settings.waitAfter(1)).hasSeconds(10);
        assertThat(settings.waitAfter(5)).hasSeconds(160);
        assertThat(settings.waitAfter(6)).hasSeconds(300);
        assertThat(settings.waitAfter(1_000_000)).hasSeconds(300);
    }

    @Test
    void nonsense_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FulfilmentSettings(Duration.ZERO, Duration.ofMinutes(5), 8, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FulfilmentSettings(Duration.ofMinutes(6), Duration.ofMinutes(5), 8, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FulfilmentSettings(Duration.ofSeconds(5), Duration.ofMinutes(5), -1, 3));
    }
}
