package io.waybill.gateway.cache;

import java.net.URI;
import java.util.Set;

/**
 * A request as the cache sees it.
 *
 * @param uri what was asked for, with scheme and authority
 */
record CacheRequest(String method, URI uri, HeaderLines headers) {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    /** What answers are kept under: path and query as they came. */
    String target() {
        return target(uri);
    }

    static String target(URI uri) {
        var query = uri.getRawQuery();
        return uri.getRawPath() + (query == null ? "" : "?" + query);
    }

    boolean isSafe() {
        return SAFE.contains(method);
    }

    boolean isGet() {
        return method.equals("GET");
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    /** The request's directives; {@code Pragma: no-cache} counts where there is no {@code Cache-Control}. */
    Directives directives() {
        if (!headers.has("Cache-Control")
                && headers.members("Pragma").stream().anyMatch("no-cache"::equalsIgnoreCase)) {
            return Directives.ofCacheControl(HeaderLines.of("Cache-Control", "no-cache"));
        }
        return Directives.ofCacheControl(headers);
    }
}
