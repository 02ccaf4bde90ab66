package io.waybill.messaging.web;

import io.waybill.kernel.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param nextCursor to be sent back for the next part; absent at the end
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

    public static final int DEFAULT_LIMIT = 20;
    public static final int MAX_LIMIT = 100;

    public Page {
        items = List.copyOf(items);
    }

    /** Makes a page of rows that were read one more than asked for, so that the end is known. */
    public static <T> Page<T> of(List<T> oneMore, int limit, Function<T, String> sortKey) {
        if (oneMore.size() <= limit) {
            return new Page<>(oneMore, null);
        }
        List<T> items = oneMore.subList(0, limit);
        return new Page<>(items, cursor(sortKey.apply(items.get(limit - 1))));
    }

    /** Checks a limit that a client named: 1 to {@value #MAX_LIMIT}. */
    public static int limit(@Nullable Integer asked) {
        if (asked == null) {
            return DEFAULT_LIMIT;
        }
        if (asked < 1 || asked > MAX_LIMIT) {
            throw new InvalidValueException("limit is a whole number from 1 to " + MAX_LIMIT);
        }
        return asked;
    }

    /** The sort key inside a cursor that a client sent back; null for the beginning. */
    public static @Nullable String sortKey(@Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException("cursor is what nextCursor said, unchanged", e);
        }
    }

    private static String cursor(String sortKey) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sortKey.getBytes(StandardCharsets.UTF_8));
    }
}
