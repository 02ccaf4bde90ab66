package io.waybill.gateway;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;

/** Reads {@code Prefer: wait=N} of RFC 7240. */
public final class PreferredWait {

    private static final long LONGEST = 30;

    private static final Pattern WAIT = Pattern.compile("\\s*wait\\s*=\\s*\"?(\\d+)\"?\\s*", Pattern.CASE_INSENSITIVE);

    private PreferredWait() {}

    /** How long the client would like to wait, at most 30 s; nothing where it does not say so understandably. */
    public static Duration of(HttpHeaders headers) {
        return headers.getValuesAsList("Prefer").stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(preference -> WAIT.matcher(preference.split(";", 2)[0]))
                .filter(matcher -> matcher.matches())
                .findFirst()
                .map(matcher -> seconds(matcher.group(1)))
                .orElse(Duration.ZERO);
    }

    private static Duration seconds(String digits) {
        return Duration.ofSeconds(Optional.of(digits)
                .filter(number -> number.length() <= 9)
                .map(Long::parseLong)
                .filter(number -> number <= LONGEST)
                .orElse(LONGEST));
    }
}
