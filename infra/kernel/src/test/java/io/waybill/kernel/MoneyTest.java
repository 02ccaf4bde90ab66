package io.waybill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MoneyTest {

    @ParameterizedTest
    @CsvSource({
        "1250, EUR, 12.50",
        "5, EUR, 0.05",
        "-1, EUR, -0.01",
        "1250, JPY, 1250",
        "1250, KWD, 1.250",
        "0, KWD, 0.000"
    })
    void an_amount_is_printed_with_its_currencys_fraction_digits(long minorUnits, String currency, String amount) {
        assertThat(Money.ofMinor(minorUnits, currency).amount()).isEqualTo(amount);
        assertThat(Money.ofMinor(minorUnits, currency)).hasToString(amount + " " + currency);
    }

    @ParameterizedTest
    @CsvSource({"12.5, 1250", "12, 1200", "012.50, 1250", "-0.01, -1", "-0, 0"})
    void shorter_ways_to_write_an_amount_are_read(String amount, long minorUnits) {
        assertThat(Money.parse(amount, "EUR")).isEqualTo(euros(minorUnits));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "12,50",
                "12.50 ",
                "1e3",
                "+1",
                "--1",
                ".5",
                "1.",
                "1.2.3",
                "0x10",
                "NaN",
                "Infinity",
                "١٢",
                "1_000",
                "100000000000000000.00",
                "12.501",
                "9999999999999999999999999999999999999999"
            })
    void what_is_no_amount_is_refused(String junk) {
        assertThatIllegalArgumentException().isThrownBy(() -> Money.parse(junk, "EUR"));
    }

    @Test
    void a_fraction_finer_than_the_currency_is_refused_and_never_rounded() {
        assertThatIllegalArgumentException().isThrownBy(() -> Money.parse("1.5", "JPY"));
        assertThatIllegalArgumentException().isThrownBy(() -> Money.parse("0.0005", "KWD"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eur", "EURO", "ZZZ", "XXX", "XAU"})
    void what_is_no_currency_to_pay_with_is_refused(String currency) {
        assertThatIllegalArgumentException().isThrownBy(() -> Money.zero(currency));
        assertThatIllegalArgumentException().isThrownBy(() -> Money.parse("1", currency));
    }

    @Test
    void only_more_than_nothing_is_positive() {
        assertThat(euros(1).isPositive()).isTrue();
        assertThat(Money.zero("EUR").isPositive()).isFalse();
        assertThat(euros(-1).isPositive()).isFalse();
    }

    private static Money euros(long cents) {
        return Money.ofMinor(cents, "EUR");
    }
}
