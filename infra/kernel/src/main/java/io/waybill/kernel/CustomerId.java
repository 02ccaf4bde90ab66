package io.waybill.kernel;

import java.util.regex.Pattern;

/** Identifies a customer: 1 to 64 letters, digits and {@code . _ -}. Says nothing about who they are. */
public record CustomerId(String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    public CustomerId {
        Guard.matches(value, FORM, "a customer's id is 1 to 64 letters, digits and . _ -");
    }

    public static CustomerId of(String value) {
        return new CustomerId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
