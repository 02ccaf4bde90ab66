package io.waybill.gateway.cache;

import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which header fields are kept with an answer, and how a 304 renews them (RFC 9111, sections 3.1, 3.2 and 4.3.4). */
final class StoredHeaders {

    private static final Set<String> OF_ONE_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** Names the trace of the one request that the answer was given to. */
    private static final String REQUEST_ID = "x-request-id";

    /** What describes the stored bytes, which a 304 does not change. */
    private static final Set<String> OF_THE_BODY =
            Set.of("content-encoding", "content-length", "content-md5", "content-range", "etag");

    private StoredHeaders() {}

    /** What is kept of an answer's header lines; it has a date then. */
    static HeaderLines of(int status, HeaderLines answer, Instant receivedAt) {
        var policy = CachePolicy.of(status, answer);
        var listed = listedInConnection(answer);
        var kept = answer.without(name -> OF_ONE_CONNECTION.contains(name)
                || name.equals(REQUEST_ID)
                || listed.contains(name)
                || policy.isWithheld(name));
        return kept.has("Date") ? kept : kept.with("Date", HttpDate.format(receivedAt));
    }

    private static Set<String> listedInConnection(HeaderLines answer) {
        return answer.members("Connection").stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a 304 speaks of what is stored. */
    static boolean approves(HeaderLines notModified, StoredAnswer stored) {
        var tag = notModified.first("ETag");
        var storedTag = stored.entityTag();
        if (tag == null || storedTag == null) {
            return true;
        }
        return EntityTags.isStrong(tag)
                ? EntityTags.matchStrongly(tag, storedTag)
                : EntityTags.matchWeakly(tag, storedTag);
    }

    /** The stored header lines with those of a 304 in place of older ones of the same name. */
    static HeaderLines renewed(HeaderLines stored, HeaderLines notModified, Instant receivedAt) {
        var news = of(200, notModified, receivedAt).without(OF_THE_BODY::contains);
        var names = news.lines().stream().map(HeaderLines.Line::lowerName).collect(Collectors.toUnmodifiableSet());
        // An age counts from the answer that it came with.
        return stored.without(name -> names.contains(name) || name.equals("age"))
                .plus(news);
    }
}
