package io.waybill.gateway.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.gateway.ClientIdentity;
import io.waybill.gateway.FilterOrder;
import io.waybill.gateway.Operation;
import io.waybill.gateway.Operation.ToContext;
import io.waybill.gateway.Operation.Waiting;
import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.RefusedRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Gives each client so many live streams and no more: they stay open for long, so a limit of requests in a time would
 * let one client take the places of all.
 */
@Component
@Order(FilterOrder.STREAMS)
final class StreamsPerClient implements WebFilter {

    private final Map<String, Integer> open = new ConcurrentHashMap<>();
    private final int most;
    private final Duration retryAfter;
    private final Counter refusals;

    StreamsPerClient(AdmissionSettings settings, MeterRegistry metrics) {
        this.most = settings.streamsPerClient();
        this.retryAfter = settings.retryAfter();
        this.refusals = metrics.counter("waybill.gateway.admission.refused", "lane", "streams-per-client");
        Gauge.builder("waybill.gateway.admission.streaming-clients", open, Map::size)
                .description("clients that have live streams")
                .register(metrics);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!(exchange.getAttribute(Operation.ATTRIBUTE) instanceof ToContext operation)
                || operation.waiting() != Waiting.ENDLESS) {
            return chain.filter(exchange);
        }
        return Mono.defer(() -> {
            var client = ClientIdentity.of(exchange);
            if (!enter(client)) {
                refusals.increment();
                return Mono.error(RefusedRequest.forNow(ProblemCode.TOO_MANY_OWN_STREAMS, retryAfter));
            }
            return chain.filter(exchange).doFinally(end -> leave(client));
        });
    }

    private boolean enter(String client) {
        if (open.merge(client, 1, Integer::sum) <= most) {
            return true;
        }
        leave(client);
        return false;
    }

    private void leave(String client) {
        open.computeIfPresent(client, (same, streams) -> streams == 1 ? null : streams - 1);
    }
}
