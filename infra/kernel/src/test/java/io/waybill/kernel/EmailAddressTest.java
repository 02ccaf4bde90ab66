package io.waybill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EmailAddressTest {

    @Test
    void case_and_blanks_around_it_do_not_count() {
        assertThat(EmailAddress.of(" Ada@Example.COM ")).isEqualTo(EmailAddress.of("ada@example.com"));
    }

    @Test
    void it_is_never_printed() {
        assertThat(EmailAddress.of("ada@example.com").toString()).doesNotContain("ada");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ada",
                "@example.com",
                "ada@",
                "ada@@example.com",
                "ada@exa mple.com",
                "ada@example..com",
                "ada@-example.com",
                "a,b@example.com",
                ".ada@example.com",
                "ada.@example.com",
                "ada..lovelace@example.com",
                "Ada <ada@example.com>",
                "ada@example.com\r\nBcc: all@example.com",
                "ada@example.com,eve@example.com",
                "ädä@example.com",
            })
    void what_is_no_single_address_is_refused(String text) {
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> EmailAddress.of(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada@localhost", "a.d-a+orders@mail.example.com", "o'neil_1@x.org"})
    void what_a_mail_server_takes_is_an_address(String text) {
        assertThat(EmailAddress.of(text).value()).isEqualTo(text);
    }

    @Test
    void an_overlong_one_is_refused() {
        var text = "a".repeat(64) + "@" + "b.".repeat(100) + "com";
        assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> EmailAddress.of(text));
    }
}
