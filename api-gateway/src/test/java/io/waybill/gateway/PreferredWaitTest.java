package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.springframework.http.HttpHeaders;

/** The order context is tested on the same table. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PreferredWaitTest {

    @ParameterizedTest(name = "Prefer: {0} waits {1} s")
    @CsvFileSource(resources = "/prefer.csv", numLinesToSkip = 1, delimiter = '|', quoteCharacter = '\u0000')
    void a_preference_is_read_leniently_and_capped(String prefer, long seconds) {
        var headers = new HttpHeaders();
        headers.add("Prefer", prefer);

        assertThat(PreferredWait.of(headers)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void nobody_waits_who_does_not_ask() {
        assertThat(PreferredWait.of(new HttpHeaders())).isZero();
    }

    @Test
    void the_preference_may_stand_in_any_of_several_headers() {
        var headers = new HttpHeaders();
        headers.add("Prefer", "respond-async");
        headers.add("Prefer", "wait=3");
        headers.add("Prefer", "wait=9");

        assertThat(PreferredWait.of(headers)).isEqualTo(Duration.ofSeconds(3));
    }
}
