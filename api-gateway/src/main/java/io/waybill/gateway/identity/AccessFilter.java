package io.waybill.gateway.identity;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.waybill.gateway.FilterOrder;
import io.waybill.gateway.Operation;
import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.RefusedRequest;
import io.waybill.security.Access;
import io.waybill.security.AccessTable;
import io.waybill.security.BearerToken;
import io.waybill.security.BearerToken.MalformedToken;
import io.waybill.security.Caller;
import io.waybill.security.Callers;
import io.waybill.security.SecuritySettings;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Asks who is there, and lets them do what the API's documents say they may. Whose a thing is, only its context knows,
 * which asks again. Tokens are decoded by Spring Security; most of its filters would have nothing to do here, and each
 * would cost every request something.
 */
@Order(FilterOrder.ACCESS)
final class AccessFilter implements WebFilter {

    private final AccessTable table;
    private final ReactiveJwtDecoder decoder;

    /** A token that was verified before is the same object again, and speaks of the same caller. */
    private final LoadingCache<Jwt, Caller> callers;

    AccessFilter(AccessTable table, ReactiveJwtDecoder decoder, SecuritySettings settings) {
        this.table = table;
        this.decoder = decoder;
        this.callers = Caffeine.newBuilder().weakKeys().build(new Callers(settings)::of);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var rule = rule(exchange);
        if (rule == Access.ANYONE) {
            // A token is not looked at, so that an old one shuts nobody out.
            return chain.filter(exchange);
        }
        return caller(exchange.getRequest().getHeaders()).flatMap(caller -> {
            if (!rule.permits(caller)) {
                return Mono.error(new RefusedRequest(ProblemCode.ACCESS_DENIED));
            }
            exchange.getAttributes().put(Caller.class.getName(), caller);
            return chain.filter(exchange);
        });
    }

    /**
     * The rule of what is asked for. What the surface lists and no document describes, such as a route that a context
     * has gained and the gateway has not heard of, is for operators.
     */
    private Access rule(ServerWebExchange exchange) {
        if (exchange.getAttribute(Operation.ATTRIBUTE) == null) {
            // Only the management port's own questions come by without: the surface refuses everything else before.
            return Access.ANYONE;
        }
        var request = exchange.getRequest();
        return table.find(request.getMethod().name(), request.getPath().pathWithinApplication())
                .orElse(Access.OPERATOR);
    }

    private Mono<Caller> caller(HttpHeaders headers) {
        try {
            return BearerToken.in(headers.getOrEmpty(HttpHeaders.AUTHORIZATION))
                    .map(token -> decoder.decode(token)
                            .map(callers::get)
                            .onErrorMap(JwtException.class, AccessFilter::refusal))
                    .orElseGet(() -> Mono.error(new RefusedRequest(ProblemCode.AUTHENTICATION_REQUIRED)));
        } catch (MalformedToken e) {
            return Mono.error(new RefusedRequest(ProblemCode.AUTHENTICATION_REQUIRED));
        }
    }

    /** Who sent a bad token must send another; a good one that cannot be verified now is not their mistake. */
    private static RefusedRequest refusal(JwtException failure) {
        return failure instanceof BadJwtException
                ? new RefusedRequest(ProblemCode.AUTHENTICATION_REQUIRED)
                : new RefusedRequest(ProblemCode.TEMPORARILY_UNAVAILABLE, failure);
    }
}
