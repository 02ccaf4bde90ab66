package io.waybill.gateway.cache;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Dates in the three forms of RFC 9110, section 5.6.7. */
final class HttpDate {

    private static final DateTimeFormatter IMF = formatter("EEE, dd MMM uuuu HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = formatter("EEE MMM ppd HH:mm:ss uuuu");

    private HttpDate() {}

    /** The instant; null where the text is no date. */
    static @Nullable Instant parse(@Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        // The first is what everybody sends; the second has to be made for the day.
        return Stream.<Supplier<DateTimeFormatter>>of(() -> IMF, () -> rfc850(now), () -> ASCTIME)
                .map(form -> parse(text.strip(), form.get()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Instant parse(String text, DateTimeFormatter form) {
        try {
            return LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    static String format(Instant instant) {
        return IMF.format(instant.atOffset(ZoneOffset.UTC));
    }

    /** A year of two digits that seems to lie more than 50 years ahead is meant to be past. */
    private static DateTimeFormatter rfc850(Instant now) {
        var earliest = now.atOffset(ZoneOffset.UTC).toLocalDate().minusYears(49);
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, earliest)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH);
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }
}
