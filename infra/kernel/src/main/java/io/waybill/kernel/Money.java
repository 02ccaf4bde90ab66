package io.waybill.kernel;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Objects;

/**
 * An amount in the minor units of an ISO 4217 currency (1250 EUR is 12.50 euros). Amounts of different currencies never
 * mix, nothing is ever rounded (every operation is exact), and an overflow is an {@link ArithmeticException}. After
 * Martin Fowler's Money pattern.
 */
public record Money(long minorUnits, String currency) implements Comparable<Money> {

    public Money {
        Objects.requireNonNull(currency, "currency");
        fractionDigits(currency);
    }

    public static Money ofMinor(long minorUnits, String currency) {
        return new Money(minorUnits, currency);
    }

    public static Money zero(String currency) {
        return new Money(0, currency);
    }

    /**
     * Reads a decimal amount such as {@code 12.50}.
     *
     * @throws IllegalArgumentException if it is no plain decimal number, has more fraction digits than the currency, or
     *     is too large
     */
    public static Money parse(String amount, String currency) {
        int digits = fractionDigits(currency);
        if (amount.length() > 21 || !amount.matches("-?\\d+(\\.\\d+)?")) {
            throw new InvalidValueException("an amount is a decimal number such as 12.50");
        }
        try {
            BigDecimal minor = new BigDecimal(amount).movePointRight(digits).setScale(0, RoundingMode.UNNECESSARY);
            return new Money(minor.longValueExact(), currency);
        } catch (ArithmeticException e) {
            throw new InvalidValueException(
                    "an amount in " + currency + " has at most " + digits + " fraction digits and fits 18 digits", e);
        }
    }

    public Money plus(Money other) {
        requireSameCurrency(other);
        return new Money(Math.addExact(minorUnits, other.minorUnits), currency);
    }

    public Money minus(Money other) {
        requireSameCurrency(other);
        return new Money(Math.subtractExact(minorUnits, other.minorUnits), currency);
    }

    public Money times(Quantity quantity) {
        return new Money(Math.multiplyExact(minorUnits, quantity.value()), currency);
    }

    public boolean isPositive() {
        return minorUnits > 0;
    }

    /** The amount as a decimal number with exactly the currency's fraction digits, for example {@code 12.50}. */
    public String amount() {
        return BigDecimal.valueOf(minorUnits, fractionDigits(currency)).toPlainString();
    }

    /** @throws IllegalArgumentException if the currencies differ */
    @Override
    public int compareTo(Money other) {
        requireSameCurrency(other);
        return Long.compare(minorUnits, other.minorUnits);
    }

    @Override
    public String toString() {
        return amount() + " " + currency;
    }

    private void requireSameCurrency(Money other) {
        if (!currency.equals(other.currency)) {
            throw new InvalidValueException("amounts in " + currency + " and " + other.currency + " do not mix");
        }
    }

    private static int fractionDigits(String currency) {
        int digits;
        try {
            digits = Currency.getInstance(currency).getDefaultFractionDigits();
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException("a currency is an ISO 4217 code such as EUR", e);
        }
        if (digits < 0) {
            throw new InvalidValueException(currency + " is no currency to pay with");
        }
        return digits;
    }
}
