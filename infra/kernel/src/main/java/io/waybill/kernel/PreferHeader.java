package io.waybill.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads how long a client would rather wait for an outcome than hear that its request was accepted: {@code Prefer:
 * wait=N} of RFC 7240. It stands here because who passes a request on and who keeps it waiting must read the same: a
 * wait that only one of them sees is a failure to the other.
 */
public final class PreferHeader {

    /** Seconds; who asks for more waits so long. */
    public static final int LONGEST_WAIT = 30;

    private static final String WAIT = "wait";

    private PreferHeader() {}

    /**
     * The seconds that the first {@code wait} asks for; 0 where there is none, or none that is a number. What cannot be
     * honoured is ignored, as the standard asks.
     *
     * @param lines the values of all {@code Prefer} headers of a request
     */
    public static int secondsToWait(List<String> lines) {
        for (String preference : split(String.join(",", lines), ',')) {
            // What follows the first semicolon are its parameters.
            String plain = split(preference, ';').get(0);
            int equals = plain.indexOf('=');
            String name = equals < 0 ? plain : plain.substring(0, equals);
            if (name.strip().equalsIgnoreCase(WAIT)) {
                return equals < 0
                        ? 0
                        : seconds(unquoted(plain.substring(equals + 1).strip()));
            }
        }
        return 0;
    }

    /** Splits outside of quoted strings. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(begin, i));
                begin = i + 1;
            }
        }
        parts.add(text.substring(Math.min(begin, text.length())));
        return parts;
    }

    private static String unquoted(String word) {
        boolean quoted = word.length() > 1 && word.startsWith("\"") && word.endsWith("\"");
        return quoted ? word.substring(1, word.length() - 1) : word;
    }

    private static int seconds(String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        String number = digits.replaceFirst("^0+(?=.)", "");
        return number.length() > 2 ? LONGEST_WAIT : Math.min(Integer.parseInt(number), LONGEST_WAIT);
    }
}
