package io.waybill.gateway.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says about being kept and used again. A {@code CDN-Cache-Control} that can be parsed takes the place
 * of {@code Cache-Control} and {@code Expires} (RFC 9213).
 */
final class CachePolicy {

    static final String TARGETED = "CDN-Cache-Control";

    private static final Set<Integer> HEURISTICALLY_CACHEABLE =
            Set.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501);

    /** The final status codes whose meaning for a cache is known here. 206 and 304 are not kept as answers. */
    private static final Set<Integer> UNDERSTOOD = Set.of(
            200, 203, 204, 300, 301, 302, 303, 307, 308, 400, 403, 404, 405, 410, 414, 421, 451, 500, 501, 502, 503,
            504);

    /** A tenth of the time since the last change, as RFC 9111 suggests, but never long. */
    private static final long HEURISTIC_SHARE = 10;

    private static final Duration LONGEST_HEURISTIC = Duration.ofHours(1);

    private final int status;
    private final HeaderLines headers;
    private final Directives directives;
    private final boolean targeted;

    private CachePolicy(int status, HeaderLines headers, @Nullable Directives targeted) {
        this.status = status;
        this.headers = headers;
        this.targeted = targeted != null;
        this.directives = targeted == null ? Directives.ofCacheControl(headers) : targeted;
    }

    static CachePolicy of(int status, HeaderLines headers) {
        return new CachePolicy(status, headers, Directives.ofTargeted(headers, TARGETED));
    }

    /** Whether a shared cache may keep the answer to a request, and would have any use for it (RFC 9111, section 3). */
    boolean isStorable(CacheRequest request) {
        if (!request.isGet()
                || request.directives().has("no-store")
                || status < 200
                || status == 206
                || status == 304) {
            return false;
        }
        var mustUnderstand = directives.has("must-understand");
        if (mustUnderstand ? !UNDERSTOOD.contains(status) : directives.has("no-store")) {
            return false;
        }
        if (isPrivate() || Vary.matchesNothing(headers)) {
            return false;
        }
        if (request.headers().has("Authorization") && !isForAuthorized()) {
            return false;
        }
        if (headers.has("Set-Cookie") && !isExplicit()) {
            return false;
        }
        return (isExplicit() || directives.has("public") || HEURISTICALLY_CACHEABLE.contains(status)) && isOfUse();
    }

    /** Whether the whole answer is for one user only. */
    boolean isPrivate() {
        return directives.hasForAll("private");
    }

    /** RFC 9111, section 3.5. */
    private boolean isForAuthorized() {
        return directives.has("public") || directives.has("must-revalidate") || directives.has("s-maxage");
    }

    private boolean isExplicit() {
        return directives.has("s-maxage") || directives.has("max-age") || (!targeted && headers.has("Expires"));
    }

    private boolean isOfUse() {
        return headers.has("ETag") || headers.has("Last-Modified") || isExplicit();
    }

    /** Whether any use must be approved by the origin first. */
    boolean mustAlwaysBeValidated() {
        return directives.hasForAll("no-cache");
    }

    /** Whether it must not be used once it is stale, whatever the circumstances. */
    boolean mustNotBeStale() {
        return directives.has("must-revalidate")
                || directives.has("proxy-revalidate")
                || directives.has("s-maxage")
                || mustAlwaysBeValidated();
    }

    Duration staleWhileRevalidate() {
        return window("stale-while-revalidate");
    }

    Duration staleIfError() {
        return window("stale-if-error");
    }

    private Duration window(String directive) {
        return mustNotBeStale()
                ? Duration.ZERO
                : Duration.ofSeconds(directives.seconds(directive).orElse(0));
    }

    /** Header fields that are not for everybody and so are not kept: {@code no-cache="…"} and {@code private="…"}. */
    boolean isWithheld(String lowerName) {
        return directives.fields("no-cache").contains(lowerName)
                || directives.fields("private").contains(lowerName);
    }

    /** How long it is fresh from its making on (RFC 9111, section 4.2.1). */
    Duration lifetime(Instant receivedAt) {
        for (var directive : new String[] {"s-maxage", "max-age"}) {
            OptionalLong seconds = directives.seconds(directive);
            if (seconds.isPresent()) {
                return Duration.ofSeconds(seconds.getAsLong());
            }
        }
        var made = date(receivedAt);
        if (!targeted && headers.has("Expires")) {
            return expires(made, receivedAt);
        }
        return heuristic(made, receivedAt);
    }

    private Duration expires(Instant made, Instant receivedAt) {
        var values = headers.all("Expires").stream().distinct().toList();
        var expires = values.size() == 1 ? HttpDate.parse(values.getFirst(), receivedAt) : null;
        return expires == null || expires.isBefore(made) ? Duration.ZERO : Duration.between(made, expires);
    }

    private Duration heuristic(Instant made, Instant receivedAt) {
        var lastModified = HttpDate.parse(headers.first("Last-Modified"), receivedAt);
        if (lastModified == null
                || !lastModified.isBefore(made)
                || !(HEURISTICALLY_CACHEABLE.contains(status) || directives.has("public"))) {
            return Duration.ZERO;
        }
        var share = Duration.between(lastModified, made).dividedBy(HEURISTIC_SHARE);
        return share.compareTo(LONGEST_HEURISTIC) < 0 ? share : LONGEST_HEURISTIC;
    }

    /** When it was made, as it says; when it came, where it does not say so understandably. */
    private Instant date(Instant receivedAt) {
        var date = HttpDate.parse(headers.first("Date"), receivedAt);
        return date == null ? receivedAt : date;
    }

    /** How old it was when it came (RFC 9111, section 4.2.3); null where its {@code Age} is no number. */
    @Nullable
    Duration initialAge(Instant requestedAt, Instant receivedAt) {
        var told = 0L;
        var lines = headers.members("Age");
        if (!lines.isEmpty()) {
            // The first of several counts (RFC 9111, section 5.1).
            var first = lines.getFirst();
            if (!first.matches("\\d{1,18}")) {
                return null;
            }
            told = Math.min(Long.parseLong(first), Directives.MOST_SECONDS);
        }
        var corrected = Duration.ofSeconds(told).plus(Duration.between(requestedAt, receivedAt));
        var apparent = Duration.ofSeconds(
                receivedAt.getEpochSecond() - date(receivedAt).getEpochSecond());
        return corrected.compareTo(apparent) > 0 ? corrected : apparent;
    }
}
