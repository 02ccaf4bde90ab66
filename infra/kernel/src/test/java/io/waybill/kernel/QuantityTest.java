package io.waybill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class QuantityTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 99_999, 100_000})
    void a_quantity_is_1_to_100_000(int pieces) {
        assertThat(Quantity.of(pieces).value()).isEqualTo(pieces);
        assertThat(Quantity.of(pieces)).hasToString(Integer.toString(pieces));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 100_001, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void anything_else_is_refused(int pieces) {
        assertThatIllegalArgumentException().isThrownBy(() -> Quantity.of(pieces));
    }

    @Test
    void more_pieces_are_the_larger_quantity() {
        assertThat(Quantity.of(10)).isGreaterThan(Quantity.of(9)).isEqualByComparingTo(Quantity.of(10));
    }
}
