package io.waybill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SkuTest {

    @ParameterizedTest
    @ValueSource(strings = {"A", "7", "TEA-EARL-GREY-250", "A234567890123456789012345678901234567890"})
    void a_sku_is_1_to_40_capitals_digits_and_hyphens(String value) {
        assertThat(Sku.of(value)).hasToString(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "tea",
                "-TEA",
                "TEA 1",
                "TEA\n",
                "TÉE",
                "A/B",
                "' OR 1=1 --",
                "A2345678901234567890123456789012345678901"
            })
    void anything_else_is_refused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> Sku.of(value));
    }

    @Test
    void skus_sort_as_their_text_does() {
        assertThat(Sku.of("TEA-2")).isGreaterThan(Sku.of("TEA-1"));
    }
}
