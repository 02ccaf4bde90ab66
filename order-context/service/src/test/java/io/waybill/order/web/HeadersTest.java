package io.waybill.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.kernel.InvalidValueException;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HeadersTest {

    /** The gateway is tested on the same table. */
    @ParameterizedTest(name = "Prefer: {0} waits {1} s")
    @CsvFileSource(resources = "/prefer.csv", numLinesToSkip = 1, delimiter = '|', quoteCharacter = '\u0000')
    void a_wish_to_wait_is_read_leniently_and_capped(String prefer, int seconds) {
        assertThat(Preference.parse(prefer))
                .isEqualTo(seconds == 0 ? Optional.empty() : Optional.of(new Preference(seconds)));
    }

    @Test
    void nobody_waits_who_does_not_ask() {
        assertThat(Preference.parse(null)).isEmpty();
        assertThat(Preference.parse("")).isEmpty();
    }

    @Test
    void a_key_is_the_same_quoted_and_bare() {
        assertThat(IdempotencyKey.parse("\"a-1\"")).isEqualTo(IdempotencyKey.parse(" a-1 "));
        assertThat(IdempotencyKey.parse("\"say \\\"hi\\\"\"").value()).isEqualTo("say \"hi\"");
        assertThat(IdempotencyKey.parse("x".repeat(200)).value()).hasSize(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\"\"", "a\tb", "schlüssel"})
    void a_key_that_is_none_is_refused(String header) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> IdempotencyKey.parse(header));
    }

    @Test
    void a_key_that_is_too_long_is_refused() {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> IdempotencyKey.parse("x".repeat(201)));
    }
}
