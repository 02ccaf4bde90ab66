package io.waybill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AddressTest {

    private static final Address ADA = new Address("Ada Lovelace", "12 St James's Square", "London", "SW1Y 4JH", "GB");

    @Test
    void its_text_tells_nothing_of_the_person() {
        assertThat(ADA).hasToString("Address[hidden]").isInstanceOf(PersonalData.class);
    }

    @Test
    void blanks_around_a_line_are_dropped() {
        assertThat(new Address(" Ada Lovelace ", "12 St James's Square", "London ", "SW1Y 4JH", "GB"))
                .isEqualTo(ADA);
    }

    @Test
    void names_of_every_script_are_welcome() {
        assertThat(new Address("山田 太郎", "千代田1-1", "東京", "100-0001", "JP").city())
                .isEqualTo("東京");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "line\nbreak", "nul\u0000", "bell\u0007", "next\u0085line"})
    void a_line_that_is_blank_or_holds_control_characters_is_refused(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Address(line, "street", "city", "1", "DE"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Address("name", line, "city", "1", "DE"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Address("name", "street", line, "1", "DE"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Address("name", "street", "city", line, "DE"));
    }

    @Test
    void every_line_has_its_longest_length() {
        assertThat(new Address("n".repeat(100), "s".repeat(200), "c".repeat(100), "1".repeat(20), "DE"))
                .isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Address("n".repeat(101), "street", "city", "1", "DE"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Address("name", "s".repeat(201), "city", "1", "DE"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Address("name", "street", "c".repeat(101), "1", "DE"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Address("name", "street", "city", "1".repeat(21), "DE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "de", "DEU", "ZZ", "EU", "Germany"})
    void a_country_is_an_iso_code_of_two_capitals(String country) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Address("name", "street", "city", "1", country));
    }

    @Test
    @SuppressWarnings("NullAway")
    void nothing_may_be_missing() {
        assertThatNullPointerException().isThrownBy(() -> new Address(null, "street", "city", "1", "DE"));
        assertThatNullPointerException().isThrownBy(() -> new Address("name", null, "city", "1", "DE"));
        assertThatNullPointerException().isThrownBy(() -> new Address("name", "street", null, "1", "DE"));
        assertThatNullPointerException().isThrownBy(() -> new Address("name", "street", "city", null, "DE"));
        assertThatNullPointerException().isThrownBy(() -> new Address("name", "street", "city", "1", null));
    }
}
