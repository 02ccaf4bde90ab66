package io.waybill.gateway.limits;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Requests with a method, or with any, to a path: {@code POST /api/orders} or {@code * /api/**}. What holds for GET
 * holds for HEAD, so that nobody gets around a limit by it.
 */
record RoutePattern(@Nullable HttpMethod method, PathPattern path) {

    /** The nearer to one request, the earlier. */
    static final Comparator<RoutePattern> SPECIFIC_FIRST =
            Comparator.comparing(RoutePattern::path).thenComparing(pattern -> pattern.method() == null);

    static RoutePattern of(String text) {
        var parts = text.strip().split("\\s+", 2);
        if (parts.length != 2 || !parts[1].startsWith("/")) {
            throw new IllegalArgumentException(text + " is no route such as 'POST /api/orders' or '* /api/**'");
        }
        return new RoutePattern(
                parts[0].equals("*") ? null : HttpMethod.valueOf(parts[0]),
                PathPatternParser.defaultInstance.parse(parts[1]));
    }

    boolean matches(HttpMethod asked, PathContainer target) {
        var counted = asked.equals(HttpMethod.HEAD) ? HttpMethod.GET : asked;
        return (method == null || method.equals(counted)) && path.matches(target);
    }

    boolean matchesEverything() {
        return method == null && path.getPatternString().equals("/**");
    }
}
