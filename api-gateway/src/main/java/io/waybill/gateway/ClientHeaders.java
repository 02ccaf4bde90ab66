package io.waybill.gateway;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.http.HttpHeaders;

/**
 * Drops what a client has no say in: where the request came from, which method or path is meant instead, and everything
 * that the gateway alone tells the contexts; and from answers what they tell the gateway alone.
 */
final class ClientHeaders {

    private static final Set<String> DROPPED = Set.of(
            "forwarded",
            "x-real-ip",
            "x-original-url",
            "x-rewrite-url",
            "x-original-method",
            "x-http-method",
            "x-http-method-override",
            "x-method-override",
            // The gateway answers these itself: it has read the whole body, and it speaks nothing but HTTP/1.1.
            "expect",
            "upgrade",
            "http2-settings");

    private static final String CONSISTENCY = ReadYourWrites.HEADER.toLowerCase(Locale.ROOT);

    private ClientHeaders() {}

    static void clean(HttpHeaders headers) {
        for (var name : List.copyOf(headers.keySet())) {
            if (isDropped(name.toLowerCase(Locale.ROOT))) {
                headers.remove(name);
            }
        }
    }

    static void cleanAnswer(HttpHeaders headers) {
        for (var name : List.copyOf(headers.keySet())) {
            if (isInternal(name.toLowerCase(Locale.ROOT))) {
                headers.remove(name);
            }
        }
    }

    private static boolean isDropped(String name) {
        return DROPPED.contains(name) || name.startsWith("x-forwarded-") || isInternal(name);
    }

    private static boolean isInternal(String name) {
        return isOurs(name) && !name.equals(CONSISTENCY);
    }

    /** Whether the name, in lower case, belongs to Waybill. */
    static boolean isOurs(String name) {
        return name.startsWith("waybill-");
    }
}
