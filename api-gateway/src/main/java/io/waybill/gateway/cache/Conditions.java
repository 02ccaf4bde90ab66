package io.waybill.gateway.cache;

import java.time.Instant;
import java.util.Set;

/** The conditions of a request, evaluated on a stored answer (RFC 9110, section 13; RFC 9111, section 4.3.2). */
final class Conditions {

    static final Set<String> VALIDATORS = Set.of("if-none-match", "if-modified-since");

    /** Only the origin can evaluate these. */
    private static final Set<String> FOR_THE_ORIGIN = Set.of("if-match", "if-unmodified-since");

    private Conditions() {}

    static boolean areForTheOrigin(HeaderLines request) {
        return FOR_THE_ORIGIN.stream().anyMatch(request::has);
    }

    static boolean areThere(HeaderLines request) {
        return VALIDATORS.stream().anyMatch(request::has);
    }

    /** Whether the client has what is stored, so that 304 is the answer. */
    static boolean clientHas(StoredAnswer stored, HeaderLines request, Instant now) {
        if (stored.status() != 200) {
            return false;
        }
        if (request.has("If-None-Match")) {
            var tag = stored.entityTag();
            return request.members("If-None-Match").stream()
                    .anyMatch(wanted -> wanted.equals("*") || (tag != null && EntityTags.matchWeakly(wanted, tag)));
        }
        var since = HttpDate.parse(request.first("If-Modified-Since"), now);
        if (since == null) {
            return false;
        }
        var changed = HttpDate.parse(stored.lastModified(), now);
        if (changed == null) {
            changed = HttpDate.parse(stored.headers().first("Date"), now);
        }
        return changed != null && !changed.isAfter(since);
    }
}
