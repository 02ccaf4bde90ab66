package io.waybill.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import io.netty.channel.ChannelOption;
import io.waybill.gateway.Operation.MergedList;
import io.waybill.gateway.Operation.ToContext;
import io.waybill.gateway.Operation.Waiting;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** One route for each operation of the {@link Surface}. */
@Configuration(proxyBeanMethods = false)
class ContextRoutes {

    private static final Duration FOREVER = Duration.ofMillis(-1);

    private final GatewaySettings settings;

    ContextRoutes(GatewaySettings settings) {
        this.settings = settings;
    }

    @Bean
    ContextMapping contextMapping(Surface surface, FilteringWebHandler filters) {
        return new ContextMapping(
                surface.toContexts().stream().collect(Collectors.toUnmodifiableMap(Function.identity(), this::route)),
                filters);
    }

    @Bean
    RouterFunction<ServerResponse> mergedListRoutes(MergedLists lists) {
        return RouterFunctions.route(
                request -> request.attribute(Operation.ATTRIBUTE)
                        .filter(MergedList.class::isInstance)
                        .isPresent(),
                lists::answer);
    }

    @Bean
    HttpClientCustomizer connectTimeout() {
        var millis = Math.toIntExact(settings.connectTimeout().toMillis());
        return client -> client.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis);
    }

    private Route route(ToContext operation) {
        return route(operation, operation.waiting() == Waiting.ENDLESS ? FOREVER : settings.responseTimeout());
    }

    private Route route(ToContext operation, Duration responseTimeout) {
        var route = Route.async()
                .id(operation.name())
                .uri(settings.baseOf(operation.context()))
                // It is chosen by its operation; see ContextMapping.
                .predicate(exchange -> true)
                .metadata(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR, responseTimeout.toMillis());
        if (operation.waiting() == Waiting.AS_PREFERRED) {
            route.filter(waitingAsPreferred(operation));
        }
        return route.build();
    }

    /** The timeout belongs to the route, so a request that waits longer goes on with a route that waits longer. */
    private GatewayFilter waitingAsPreferred(ToContext operation) {
        GatewayFilter filter = (exchange, chain) -> {
            var wanted =
                    settings.waitTimeout(PreferredWait.of(exchange.getRequest().getHeaders()));
            if (wanted.compareTo(settings.responseTimeout()) > 0) {
                exchange.getAttributes().put(GATEWAY_ROUTE_ATTR, route(operation, wanted));
            }
            return chain.filter(exchange);
        };
        // Without an order it would come after the filter that reads the timeout.
        return new OrderedGatewayFilter(filter, 0);
    }
}
