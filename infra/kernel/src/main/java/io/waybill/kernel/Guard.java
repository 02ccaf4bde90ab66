package io.waybill.kernel;

import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

final class Guard {

    private Guard() {}

    static void matches(String value, Pattern form, String rule) {
        Objects.requireNonNull(value, rule);
        if (!form.matcher(value).matches()) {
            throw new InvalidValueException(rule);
        }
    }

    /** A line of text a person typed: not blank, no control characters, at most {@code max} characters. */
    static String text(String value, int max, String name) {
        Objects.requireNonNull(value, name);
        if (value.isBlank() || value.length() > max || value.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException(name + " is 1 to " + max + " printable characters");
        }
        return value.strip();
    }

    static String prefixedUuid(String value, String prefix, String kind) {
        Objects.requireNonNull(value, kind);
        String rule = "an id of " + kind + " is '" + prefix + "' and a UUID in lower case";
        if (value.length() != prefix.length() + 36 || !value.startsWith(prefix)) {
            throw new InvalidValueException(rule);
        }
        String uuid = value.substring(prefix.length());
        try {
            if (UUID.fromString(uuid).toString().equals(uuid)) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(rule, e);
        }
        throw new InvalidValueException(rule);
    }
}
