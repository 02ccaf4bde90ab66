package io.waybill.gateway.limits;

import io.waybill.gateway.ClientIdentity;
import io.waybill.gateway.ClientLoop;
import io.waybill.gateway.FilterOrder;
import io.waybill.gateway.Operation;
import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.RefusedRequest;
import io.waybill.gateway.limits.Policy.Subject;
import io.waybill.gateway.tracing.RequestTrace;
import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Refuses who asks too often, and tells everybody how much they have left. */
@Component
@Order(FilterOrder.LIMITS)
final class LimitFilter implements WebFilter {

    private final Policies policies;
    private final Limiter limiter;

    LimitFilter(Policies policies, Limiter limiter) {
        this.policies = policies;
        this.limiter = limiter;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (exchange.getAttribute(Operation.ATTRIBUTE) == null) {
            // The management port's own questions.
            return chain.filter(exchange);
        }
        var request = exchange.getRequest();
        var policy = policies.of(request.getMethod(), request.getPath().pathWithinApplication());
        var loop = ClientLoop.of(exchange);
        return limiter.decide(policy, subject(policy, exchange), loop)
                .publishOn(loop)
                .flatMap(decision -> {
                    RequestTrace.of(exchange)
                            .limited(policy.name(), decision.by().name(), decision.granted());
                    var response = exchange.getResponse();
                    // Last of all, so that a problem or a context's answer does not sweep it away.
                    response.beforeCommit(() ->
                            Mono.fromRunnable(() -> RateLimitFields.write(policy, decision, response.getHeaders())));
                    return decision.granted()
                            ? chain.filter(exchange)
                            : Mono.error(RefusedRequest.forNow(
                                    ProblemCode.RATE_LIMITED, Duration.ofNanos(decision.waitMicros() * 1_000)));
                });
    }

    private static String subject(Policy policy, ServerWebExchange exchange) {
        return policy.subject() == Subject.CLIENT ? ClientIdentity.of(exchange) : ClientIdentity.addressOf(exchange);
    }
}
