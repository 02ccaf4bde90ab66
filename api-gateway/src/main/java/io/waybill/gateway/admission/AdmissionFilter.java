package io.waybill.gateway.admission;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.gateway.FilterOrder;
import io.waybill.gateway.Operation;
import io.waybill.gateway.Operation.ToContext;
import io.waybill.gateway.Operation.Waiting;
import io.waybill.gateway.PreferredWait;
import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.ReadYourWrites;
import io.waybill.gateway.RefusedRequest;
import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Turns requests away at once when too many are under way, rather than answering all of them late. Those that take long
 * by contract have lanes of their own, so that they neither fill the others' nor wait for them.
 */
@Component
@Order(FilterOrder.ADMISSION)
final class AdmissionFilter implements WebFilter {

    private final Lane ordinary;
    private final Lane waiting;
    private final Lane streams;
    private final Duration retryAfter;

    AdmissionFilter(AdmissionSettings settings, MeterRegistry metrics) {
        this.ordinary = new Lane("ordinary", settings.ordinary(), metrics);
        this.waiting = new Lane("waiting", settings.waiting(), metrics);
        this.streams = new Lane("streams", settings.streams(), metrics);
        this.retryAfter = settings.retryAfter();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!(exchange.getAttribute(Operation.ATTRIBUTE) instanceof Operation operation)) {
            // Whether the gateway is well must be answered above all when it is busy.
            return chain.filter(exchange);
        }
        var lane = lane(operation, exchange);
        return Mono.defer(() -> {
            var place = new Place(lane);
            if (!place.take()) {
                return Mono.error(RefusedRequest.forNow(ProblemCode.OVERLOADED, retryAfter));
            }
            exchange.getAttributes().put(Place.ATTRIBUTE, place);
            return chain.filter(exchange).doFinally(end -> place.end());
        });
    }

    private Lane lane(Operation operation, ServerWebExchange exchange) {
        if (!(operation instanceof ToContext toContext)) {
            return ordinary;
        }
        var request = exchange.getRequest();
        return switch (toContext.waiting()) {
            case Waiting.BOUNDED -> ReadYourWrites.isAskedFor(request) ? waiting : ordinary;
            case Waiting.AS_PREFERRED ->
                PreferredWait.of(request.getHeaders()).isPositive() || ReadYourWrites.isAskedFor(request)
                        ? waiting
                        : ordinary;
            case Waiting.ENDLESS -> streams;
        };
    }
}
