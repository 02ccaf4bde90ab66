package io.waybill.order.web;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long a client would rather wait for the outcome than hear that its order was accepted (RFC 7240). */
record Preference(int seconds) {

    static final int LONGEST_WAIT = 30;

    private static final Pattern WAIT =
            Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?=[,;]|$)", Pattern.CASE_INSENSITIVE);

    /** Reads a {@code Prefer} header. What it cannot honour it ignores, as the standard asks; it waits 30 s at most. */
    static Optional<Preference> parse(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        Matcher wait = WAIT.matcher(header);
        if (!wait.find()) {
            return Optional.empty();
        }
        int seconds = Math.min(Integer.parseInt(wait.group(1)), LONGEST_WAIT);
        return seconds == 0 ? Optional.empty() : Optional.of(new Preference(seconds));
    }

    Duration duration() {
        return Duration.ofSeconds(seconds);
    }

    /** For {@code Preference-Applied}. */
    String applied() {
        return "wait=" + seconds;
    }
}
