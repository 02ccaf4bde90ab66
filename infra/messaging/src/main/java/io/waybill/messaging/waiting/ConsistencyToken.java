package io.waybill.messaging.waiting;

import io.waybill.messaging.stream.AppendLog.Appended;
import io.waybill.messaging.stream.StreamPosition;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says which write a client has made: what it is told with an answer, and sends back with a query. Clients take it for
 * an opaque text; what comes in is believed no further than that it names a place to wait for.
 *
 * @param context the context that wrote
 * @param written the last event that the request appended there
 */
public record ConsistencyToken(String context, Appended written) {

    /** The header of answers to commands, and of queries. */
    public static final String HEADER = "Waybill-Consistency";

    private static final int LONGEST = 400;
    private static final Pattern FORM = Pattern.compile("1 ([a-z]{1,30}) (\\d{1,18}) (\\d{1,18}) ([A-Za-z0-9-]{0,64})"
            + " ((?:waybill\\.[a-z]{1,30}\\.[A-Za-z]{1,60})?)");

    public String encoded() {
        String text = String.join(
                " ",
                "1",
                context,
                Long.toString(written.place().transactionId()),
                Long.toString(written.place().offset()),
                written.eventId(),
                written.type());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Nothing where the text is none that {@link #encoded()} could have given. */
    public static Optional<ConsistencyToken> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        Matcher parts = FORM.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        if (!parts.matches()) {
            return Optional.empty();
        }
        ConsistencyToken token = new ConsistencyToken(
                parts.group(1),
                new Appended(
                        new StreamPosition(Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3))),
                        parts.group(4),
                        parts.group(5)));
        return token.encoded().equals(text) ? Optional.of(token) : Optional.empty();
    }
}
