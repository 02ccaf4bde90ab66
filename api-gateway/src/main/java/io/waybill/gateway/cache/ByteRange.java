package io.waybill.gateway.cache;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A single range of bytes of a stored body (RFC 9110, section 14.1.2); both ends are part of it. */
record ByteRange(int first, int last) {

    private static final Pattern FORM = Pattern.compile("bytes\\s*=\\s*(\\d{0,9})\\s*-\\s*(\\d{0,9})");

    /** The range that is asked for; null where it is of another form, several or outside of the body. */
    static @Nullable ByteRange parse(@Nullable String text, int length) {
        var matcher = text == null ? null : FORM.matcher(text.strip());
        if (matcher == null || !matcher.matches() || length == 0) {
            return null;
        }
        var first = matcher.group(1);
        var last = matcher.group(2);
        if (first.isEmpty()) {
            var suffix = last.isEmpty() ? 0 : Integer.parseInt(last);
            return suffix == 0 ? null : new ByteRange(Math.max(0, length - suffix), length - 1);
        }
        var from = Integer.parseInt(first);
        var to = last.isEmpty() ? length - 1 : Math.min(Integer.parseInt(last), length - 1);
        return from <= to ? new ByteRange(from, to) : null;
    }

    int length() {
        return last - first + 1;
    }

    String contentRange(int of) {
        return "bytes " + first + "-" + last + "/" + of;
    }
}
