package io.waybill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CustomerIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "A-1", "0.b_c", "1234567890123456789012345678901234567890123456789012345678901234"})
    void a_customers_id_is_1_to_64_letters_digits_and_a_few_signs(String value) {
        assertThat(CustomerId.of(value).value()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a@b.example",
                "ä",
                "a\n",
                "a/b",
                "12345678901234567890123456789012345678901234567890123456789012345"
            })
    void anything_else_is_refused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> CustomerId.of(value));
    }
}
