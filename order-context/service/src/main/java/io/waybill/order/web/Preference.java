package io.waybill.order.web;

import io.waybill.kernel.PreferHeader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long a client would rather wait for the outcome than hear that its order was accepted (RFC 7240). */
record Preference(int seconds) {

    /** Reads a {@code Prefer} header, as the gateway does. */
    static Optional<Preference> parse(@Nullable String header) {
        int seconds = header == null ? 0 : PreferHeader.secondsToWait(List.of(header));
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
