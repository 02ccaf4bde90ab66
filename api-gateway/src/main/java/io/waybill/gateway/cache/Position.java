package io.waybill.gateway.cache;

import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in the stream of a context, as {@code <transaction id>:<position>}. The gateway only compares them.
 *
 * @param sortable digits of a fixed length, so that they compare as text, in Redis too
 */
record Position(String sortable) implements Comparable<Position> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,20}):(\\d{1,20})");

    /** Reads what a context wrote; null where it is none. */
    static @Nullable Position parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var matcher = FORM.matcher(text);
        return matcher.matches() ? new Position(digits(matcher.group(1)) + ":" + digits(matcher.group(2))) : null;
    }

    private static String digits(String number) {
        return "%020d".formatted(new BigInteger(number));
    }

    @Override
    public int compareTo(Position that) {
        return sortable.compareTo(that.sortable);
    }

    boolean isBefore(Position that) {
        return compareTo(that) < 0;
    }

    @Override
    public String toString() {
        return sortable;
    }
}
