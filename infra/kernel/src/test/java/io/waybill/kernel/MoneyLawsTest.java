package io.waybill.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What holds for every amount. */
class MoneyLawsTest {

    /** Currencies of 0, 2 and 3 fraction digits. */
    private static final List<String> CURRENCIES = List.of("JPY", "EUR", "KWD");

    /** Three of these never overflow. */
    private static final long SAFE = Long.MAX_VALUE / 3;

    @Property
    void what_is_added_and_taken_away_again_leaves_the_amount(
            @ForAll @LongRange(min = -SAFE, max = SAFE) long a, @ForAll @LongRange(min = -SAFE, max = SAFE) long b) {
        assertThat(euros(a).plus(euros(b)).minus(euros(b))).isEqualTo(euros(a));
    }

    @Property
    void the_order_of_a_sum_does_not_matter(
            @ForAll @LongRange(min = -SAFE, max = SAFE) long a, @ForAll @LongRange(min = -SAFE, max = SAFE) long b) {
        assertThat(euros(a).plus(euros(b))).isEqualTo(euros(b).plus(euros(a)));
    }

    @Property
    void the_grouping_of_a_sum_does_not_matter(
            @ForAll @LongRange(min = -SAFE, max = SAFE) long a,
            @ForAll @LongRange(min = -SAFE, max = SAFE) long b,
            @ForAll @LongRange(min = -SAFE, max = SAFE) long c) {
        assertThat(euros(a).plus(euros(b)).plus(euros(c))).isEqualTo(euros(a).plus(euros(b).plus(euros(c))));
    }

    @Property
    void a_sum_is_exact_or_an_arithmetic_exception(@ForAll long a, @ForAll long b) {
        BigInteger exact = BigInteger.valueOf(a).add(BigInteger.valueOf(b));
        if (exact.bitLength() < Long.SIZE) {
            assertThat(euros(a).plus(euros(b))).isEqualTo(euros(exact.longValueExact()));
        } else {
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> euros(a).plus(euros(b)));
        }
    }

    @Property
    void a_difference_is_exact_or_an_arithmetic_exception(@ForAll long a, @ForAll long b) {
        BigInteger exact = BigInteger.valueOf(a).subtract(BigInteger.valueOf(b));
        if (exact.bitLength() < Long.SIZE) {
            assertThat(euros(a).minus(euros(b))).isEqualTo(euros(exact.longValueExact()));
        } else {
            assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> euros(a).minus(euros(b)));
        }
    }

    @Property
    void so_many_pieces_cost_so_many_times_the_price_or_an_arithmetic_exception(
            @ForAll long price, @ForAll @IntRange(min = 1, max = Quantity.MAX) int pieces) {
        BigInteger exact = BigInteger.valueOf(price).multiply(BigInteger.valueOf(pieces));
        if (exact.bitLength() < Long.SIZE) {
            assertThat(euros(price).times(Quantity.of(pieces))).isEqualTo(euros(exact.longValueExact()));
        } else {
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(() -> euros(price).times(Quantity.of(pieces)));
        }
    }

    @Property
    void amounts_compare_as_their_minor_units_do(@ForAll long a, @ForAll long b) {
        assertThat(euros(a).compareTo(euros(b))).isEqualTo(Long.compare(a, b));
    }

    @Property
    void every_printed_amount_is_read_back(@ForAll long minorUnits, @ForAll("currencies") String currency) {
        Money money = Money.ofMinor(minorUnits, currency);

        assertThat(Money.parse(money.amount(), currency)).isEqualTo(money);
    }

    @Property
    void different_currencies_never_mix(
            @ForAll("currencies") String one, @ForAll("currencies") String other, @ForAll int a, @ForAll int b) {
        if (one.equals(other)) {
            return;
        }
        Money left = Money.ofMinor(a, one);
        Money right = Money.ofMinor(b, other);

        assertThatIllegalArgumentException().isThrownBy(() -> left.plus(right));
        assertThatIllegalArgumentException().isThrownBy(() -> left.minus(right));
        assertThatIllegalArgumentException().isThrownBy(() -> left.compareTo(right));
    }

    @Property
    void reading_any_text_gives_an_amount_or_an_illegal_argument(@ForAll String text) {
        try {
            assertThat(Money.parse(text, "EUR").currency()).isEqualTo("EUR");
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("amount");
        }
    }

    @Provide
    Arbitrary<String> currencies() {
        return Arbitraries.of(CURRENCIES);
    }

    private static Money euros(long cents) {
        return Money.ofMinor(cents, "EUR");
    }
}
