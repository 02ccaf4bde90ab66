package io.waybill.kernel;

import java.util.regex.Pattern;

/** A product's stock keeping unit: 1 to 40 of A to Z, digits and hyphens, beginning with a letter or digit. */
public record Sku(String value) implements Comparable<Sku> {

    private static final Pattern FORM = Pattern.compile("[A-Z0-9][A-Z0-9-]{0,39}");

    public Sku {
        Guard.matches(value, FORM, "a sku is 1 to 40 of A to Z, 0 to 9 and '-'");
    }

    public static Sku of(String value) {
        return new Sku(value);
    }

    @Override
    public int compareTo(Sku other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
