package io.waybill.gateway;

import java.time.Instant;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * What browsers may make of our answers, whoever gave them: they guess no types, run nothing, show us in no frame, tell
 * nobody where they were, and let the pages of other origins in where a setting names these.
 */
@Component
@EnableConfigurationProperties(BrowserSettings.class)
@Order(FilterOrder.BROWSERS)
final class BrowserRules implements WebFilter {

    private static final String NO_CONTENT = "default-src 'none'; frame-ancestors 'none'";
    private static final String ALLOWED_METHODS = "GET, POST, PUT, DELETE";
    private static final String ALLOWED_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-None-Match,"
            + " Last-Event-ID, Prefer, Waybill-Consistency";
    private static final String EXPOSED_HEADERS = "Age, Cache-Status, ETag, Location, Preference-Applied, RateLimit,"
            + " RateLimit-Policy, Retry-After, Waybill-Consistency, WWW-Authenticate, X-Request-Id";

    private final BrowserSettings settings;

    BrowserRules(BrowserSettings settings) {
        this.settings = settings;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var response = exchange.getResponse();
        // As the last word: a context's answer, or a problem that replaces a half-made one, has headers of its own.
        response.beforeCommit(() -> {
            date(response.getHeaders());
            protect(exchange);
            admit(exchange.getRequest(), response.getHeaders());
            return Mono.empty();
        });
        if (isPreflight(exchange.getRequest())) {
            response.setStatusCode(HttpStatus.NO_CONTENT);
            response.getHeaders().setAccessControlMaxAge(3600);
            response.getHeaders().set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS);
            response.getHeaders().set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
            return response.setComplete();
        }
        return chain.filter(exchange);
    }

    /** RFC 9110, section 6.6.1; an answer of a context, or from the cache, has its own. */
    private static void date(HttpHeaders headers) {
        if (headers.getFirst(HttpHeaders.DATE) == null) {
            headers.setInstant(HttpHeaders.DATE, Instant.now());
        }
    }

    private void protect(ServerWebExchange exchange) {
        var headers = exchange.getResponse().getHeaders();
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Content-Security-Policy", BrowserPolicy.of(exchange, NO_CONTENT));
        if (settings.behindTls()
                || "https".equals(exchange.getRequest().getURI().getScheme())) {
            headers.set("Strict-Transport-Security", "max-age=31536000");
        }
    }

    private void admit(ServerHttpRequest request, HttpHeaders headers) {
        if (settings.allowedOrigins().isEmpty()) {
            return;
        }
        headers.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        var origin = request.getHeaders().getOrigin();
        if (origin != null && settings.allowedOrigins().contains(origin)) {
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
        }
    }

    private boolean isPreflight(ServerHttpRequest request) {
        var headers = request.getHeaders();
        return HttpMethod.OPTIONS.equals(request.getMethod())
                && headers.getOrigin() != null
                && settings.allowedOrigins().contains(headers.getOrigin())
                && headers.containsKey(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }
}
