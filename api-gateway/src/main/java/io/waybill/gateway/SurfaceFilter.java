package io.waybill.gateway;

import java.net.URI;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Lets in what the {@link Surface} lists, without the headers that only the gateway may set. */
@Component
@Order(FilterOrder.SURFACE)
final class SurfaceFilter implements WebFilter {

    private static final String HEALTH = "/actuator/health";
    private static final String METERS = "/actuator/prometheus";

    private final Surface surface;
    private final ClientAddresses addresses;
    private final ApplicationContext gateway;

    SurfaceFilter(Surface surface, ClientAddresses addresses, ApplicationContext gateway) {
        this.surface = surface;
        this.addresses = addresses;
        this.gateway = gateway;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var request = exchange.getRequest();
        if (!gateway.equals(exchange.getApplicationContext())) {
            return atManagementPort(exchange, chain);
        }
        refuseWhatIsNoUri(request.getURI());
        var operation = surface.find(request.getMethod(), request.getPath().pathWithinApplication());
        exchange.getAttributes().put(Operation.ATTRIBUTE, operation);
        // What a context answers has no handler here that would say so; meters name requests by it.
        ServerRequestObservationContext.findCurrent(exchange.getAttributes())
                .ifPresent(observed -> observed.setPathPattern(operation.path().getPatternString()));
        exchange.getAttributes().put(ClientAddresses.ATTRIBUTE, addresses.of(request));
        var response = exchange.getResponse();
        response.beforeCommit(() -> Mono.fromRunnable(() -> ClientHeaders.cleanAnswer(response.getHeaders())));
        return chain.filter(
                ClientHeaders.areClean(request.getHeaders())
                        ? exchange
                        : exchange.mutate().request(cleaned(request)).build());
    }

    /** Filters and routes reach into the management port's application too: there only health may answer. */
    private static Mono<Void> atManagementPort(ServerWebExchange exchange, WebFilterChain chain) {
        var path = exchange.getRequest().getPath().value();
        if (path.equals(HEALTH) || path.startsWith(HEALTH + "/") || path.equals(METERS)) {
            return chain.filter(exchange);
        }
        return Mono.error(new RefusedRequest(ProblemCode.ROUTE_NOT_FOUND));
    }

    /** RFC 3986, and so the servers of the contexts, know fewer characters than {@link URI} lets through. */
    private static void refuseWhatIsNoUri(URI target) {
        if (hasForeignCharacters(target.getRawPath())
                || (target.getRawQuery() != null && hasForeignCharacters(target.getRawQuery()))) {
            throw new RefusedRequest(ProblemCode.BAD_REQUEST);
        }
    }

    private static boolean hasForeignCharacters(String part) {
        for (var i = 0; i < part.length(); i++) {
            var c = part.charAt(i);
            if (c > '~' || c == '[' || c == ']') {
                return true;
            }
        }
        return false;
    }

    private static ServerHttpRequest cleaned(ServerHttpRequest request) {
        return request.mutate().headers(ClientHeaders::clean).build();
    }
}
