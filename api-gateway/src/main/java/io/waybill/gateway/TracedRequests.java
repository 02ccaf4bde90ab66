package io.waybill.gateway;

import io.waybill.gateway.tracing.RequestTrace;
import io.waybill.gateway.tracing.RequestTracing;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** A span for each request that is recorded, and the id of its trace in every answer. */
@Component
@Order(FilterOrder.TRACES)
final class TracedRequests implements WebFilter {

    private final RequestTracing tracing;
    private final ApplicationContext gateway;

    TracedRequests(RequestTracing tracing, ApplicationContext gateway) {
        this.tracing = tracing;
        this.gateway = gateway;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!gateway.equals(exchange.getApplicationContext())) {
            // Who asks whether we live is no customer.
            return chain.filter(exchange);
        }
        var trace = tracing.begin(exchange.getRequest());
        trace.attachTo(exchange);
        var response = exchange.getResponse();
        response.beforeCommit(() -> {
            trace.nameIn(response.getHeaders());
            trace.answered(exchange, Operation.routeOf(exchange));
            return Mono.empty();
        });
        return trace.isRecording() ? recorded(trace, exchange, chain) : chain.filter(exchange);
    }

    private static Mono<Void> recorded(RequestTrace trace, ServerWebExchange exchange, WebFilterChain chain) {
        return chain.filter(exchange)
                .doOnSuccess(nothing -> trace.end(exchange, Operation.routeOf(exchange)))
                .doOnError(failure -> trace.failed(exchange, Operation.routeOf(exchange), failure))
                .doOnCancel(() -> trace.clientLeft(exchange, Operation.routeOf(exchange)));
    }
}
