package io.waybill.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_HANDLER_MAPPER_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import io.waybill.gateway.Operation.ToContext;
import java.util.Map;
import java.util.Objects;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.AbstractHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Takes the route of the operation that the {@link Surface} has found. The gateway's own mapping would ask every route
 * whether it is the one, after the mappings of everything that is answered here.
 */
final class ContextMapping extends AbstractHandlerMapping {

    private final Map<Operation, Route> routes;
    private final FilteringWebHandler filters;

    ContextMapping(Map<Operation, Route> routes, FilteringWebHandler filters) {
        this.routes = Map.copyOf(routes);
        this.filters = filters;
        // Before those of functions (-1) and controllers (0).
        setOrder(-2);
    }

    @Override
    protected Mono<?> getHandlerInternal(ServerWebExchange exchange) {
        if (!(exchange.getAttribute(Operation.ATTRIBUTE) instanceof ToContext operation)) {
            return Mono.empty();
        }
        var route = Objects.requireNonNull(routes.get(operation));
        exchange.getAttributes().put(GATEWAY_HANDLER_MAPPER_ATTR, getClass().getSimpleName());
        exchange.getAttributes().put(GATEWAY_ROUTE_ATTR, route);
        // By it, the time that a request takes is told apart from others'.
        exchange.getAttributes().put(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, operation.path());
        return Mono.just(filters);
    }
}
