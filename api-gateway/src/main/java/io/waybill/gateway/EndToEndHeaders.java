package io.waybill.gateway;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * Keeps back what concerns one connection only (RFC 9110, section 7.6.1), and copies nothing where there is nothing.
 */
final class EndToEndHeaders implements HttpHeadersFilter {

    private static final Set<String> OF_ONE_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "transfer-encoding",
            "te",
            "trailer",
            "proxy-authorization",
            "proxy-authenticate",
            "x-application-context",
            "upgrade");

    @Override
    public HttpHeaders filter(HttpHeaders headers, ServerWebExchange exchange) {
        var unwanted = unwanted(headers);
        if (unwanted.isEmpty()) {
            return headers;
        }
        var kept = new HttpHeaders();
        headers.forEach((name, values) -> {
            if (!unwanted.contains(name.toLowerCase(Locale.ROOT))) {
                kept.addAll(name, values);
            }
        });
        return kept;
    }

    private static Set<String> unwanted(HttpHeaders headers) {
        Set<String> names = Set.of();
        for (var name : headers.keySet()) {
            var lower = name.toLowerCase(Locale.ROOT);
            if (OF_ONE_CONNECTION.contains(lower)) {
                names = names.isEmpty() ? new HashSet<>() : names;
                names.add(lower);
            }
        }
        if (names.contains("connection")) {
            for (var named : headers.getConnection()) {
                names.add(named.toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    @Override
    public boolean supports(Type type) {
        return true;
    }
}
