package io.waybill.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.kernel.InvalidValueException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HeadersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "wait=5|5",
                "WAIT=5|5",
                "respond-async, wait=7|7",
                "wait=7; foo, respond-async|7",
                "wait = \"9\"|9",
                "wait=31|30",
                "wait=999999999|30"
            })
    void a_wish_to_wait_is_understood(String prefer, int seconds) {
        assertThat(Preference.parse(prefer)).contains(new Preference(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wait=0", "wait=-1", "wait=soon", "wait", "respond-async", "await=5", "wait=5s"})
    void what_cannot_be_honoured_is_ignored(String prefer) {
        assertThat(Preference.parse(prefer)).isEmpty();
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
