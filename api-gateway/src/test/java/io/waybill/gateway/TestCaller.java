package io.waybill.gateway;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Lets tests that are not about callers do without: a request that names none where one is needed has this one. */
@Component
@ConditionalOnProperty("waybill.test.caller")
@Order(Ordered.HIGHEST_PRECEDENCE + 6)
final class TestCaller implements WebFilter {

    private final String authorization;

    TestCaller(@Value("${waybill.test.caller}") String authorization) {
        this.authorization = authorization;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var request = exchange.getRequest();
        if (request.getHeaders().containsKey(HttpHeaders.AUTHORIZATION)
                || (HttpMethod.GET.equals(request.getMethod())
                        && isOpen(request.getPath().value()))) {
            return chain.filter(exchange);
        }
        return chain.filter(exchange.mutate()
                .request(request.mutate()
                        .header(HttpHeaders.AUTHORIZATION, authorization)
                        .build())
                .build());
    }

    private static boolean isOpen(String path) {
        return path.startsWith("/api/products") || path.startsWith("/docs");
    }
}
