package io.waybill.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
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
            "http2-settings",
            // What others say about a trace beside its id is nothing that anyone here acts on.
            "baggage",
            "tracestate");

    private static final String CONSISTENCY = ReadYourWrites.HEADER.toLowerCase(Locale.ROOT);

    private ClientHeaders() {}

    /** Whether there is nothing to drop, as in nearly every request. */
    static boolean areClean(HttpHeaders headers) {
        return unwanted(headers, ClientHeaders::isDropped).isEmpty();
    }

    static void clean(HttpHeaders headers) {
        unwanted(headers, ClientHeaders::isDropped).forEach(headers::remove);
    }

    static void cleanAnswer(HttpHeaders headers) {
        unwanted(headers, ClientHeaders::isInternal).forEach(headers::remove);
    }

    private static List<String> unwanted(HttpHeaders headers, Predicate<String> rule) {
        List<String> names = List.of();
        for (var name : headers.keySet()) {
            if (rule.test(name.toLowerCase(Locale.ROOT))) {
                names = names.isEmpty() ? new ArrayList<>() : names;
                names.add(name);
            }
        }
        return names;
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
