package io.waybill.gateway;

import io.waybill.gateway.Operation.ToContext;
import io.waybill.gateway.tracing.RequestTrace;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** A span for each try to have a context answer. */
@Component
final class TracedTries implements GlobalFilter, Ordered {

    /** After the guard, which tries again. */
    @Override
    public int getOrder() {
        return RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER + 2;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        var asking = chain.filter(exchange);
        return exchange.getAttribute(Operation.ATTRIBUTE) instanceof ToContext operation
                ? RequestTrace.of(exchange)
                        .tried(
                                exchange,
                                operation.context().id(),
                                operation.path().getPatternString(),
                                asking)
                : asking;
    }
}
