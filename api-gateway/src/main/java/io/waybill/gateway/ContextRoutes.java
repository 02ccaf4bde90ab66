package io.waybill.gateway;

import io.netty.channel.ChannelOption;
import io.waybill.gateway.Operation.MergedList;
import io.waybill.gateway.Operation.ToContext;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** One route for each operation of the {@link Surface}. */
@Configuration(proxyBeanMethods = false)
class ContextRoutes {

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

    /** Without a time-out of its own: {@code ContextGuard} gives each request its time. */
    private Route route(ToContext operation) {
        return Route.async()
                .id(operation.name())
                .uri(settings.baseOf(operation.context()))
                // It is chosen by its operation; see ContextMapping.
                .predicate(exchange -> true)
                .build();
    }

    /** Comes with the filter whose place ContextCalls takes. */
    @Bean
    NettyWriteResponseFilter answers(GatewayProperties properties) {
        return new NettyWriteResponseFilter(properties.getStreamingMediaTypes());
    }
}
