package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PreferredWaitTest {

    @ParameterizedTest(name = "Prefer: {0} waits {1} s")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "wait=7 | 7",
                "WAIT = 7 | 7",
                "wait=\"7\" | 7",
                "respond-async, wait=7; foo=bar | 7",
                "wait=7, wait=9 | 7",
                "wait=0 | 0",
                "wait=31 | 30",
                "wait=99999999999999999999999 | 30",
                "wait=-1 | 0",
                "wait=soon | 0",
                "wait | 0",
                "await=7 | 0",
                "respond-async | 0",
                "'' | 0",
            })
    void a_preference_is_read_leniently_and_capped(String prefer, long seconds) {
        var headers = new HttpHeaders();
        headers.add("Prefer", prefer);

        assertThat(PreferredWait.of(headers)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void the_preference_may_stand_in_any_of_several_headers() {
        var headers = new HttpHeaders();
        headers.add("Prefer", "respond-async");
        headers.add("Prefer", "wait=3");

        assertThat(PreferredWait.of(headers)).isEqualTo(Duration.ofSeconds(3));
    }
}
