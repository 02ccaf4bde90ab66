package io.waybill.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_HANDLER_MAPPER_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import java.util.Map;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
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
        var route = exchange.getAttribute(Operation.ATTRIBUTE) instanceof Operation operation
                ? routes.get(operation)
                : null;
        if (route == null) {
            return Mono.empty();
        }
        exchange.getAttributes().put(GATEWAY_HANDLER_MAPPER_ATTR, getClass().getSimpleName());
        exchange.getAttributes().put(GATEWAY_ROUTE_ATTR, route);
        return Mono.just(filters);
    }
}
