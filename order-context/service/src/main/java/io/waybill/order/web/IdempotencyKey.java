package io.waybill.order.web;

import io.waybill.kernel.InvalidValueException;
import java.util.regex.Pattern;

/** What a client calls a request by, so that sending it again does nothing again. */
record IdempotencyKey(String value) {

    private static final Pattern FORM = Pattern.compile("[ -~]{1,200}");
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\[\"\\\\])*\"");

    IdempotencyKey {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValueException("an Idempotency-Key is 1 to 200 printable ASCII characters");
        }
    }

    /** Reads the header, quoted as the standard's draft has it, or bare; both forms of a key are the same key. */
    static IdempotencyKey parse(String header) {
        String bare = header.strip();
        if (QUOTED.matcher(bare).matches()) {
            return new IdempotencyKey(bare.substring(1, bare.length() - 1).replaceAll("\\\\([\"\\\\])", "$1"));
        }
        return new IdempotencyKey(bare);
    }
}
