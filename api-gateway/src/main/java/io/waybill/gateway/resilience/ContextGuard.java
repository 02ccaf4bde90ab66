package io.waybill.gateway.resilience;

import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.reactor.bulkhead.operator.BulkheadOperator;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.gateway.BoundedContext;
import io.waybill.gateway.ClientLoop;
import io.waybill.gateway.GatewaySettings;
import io.waybill.gateway.Operation;
import io.waybill.gateway.Operation.ToContext;
import io.waybill.gateway.PreferredWait;
import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.ReadYourWrites;
import io.waybill.gateway.RefusedRequest;
import io.waybill.gateway.tracing.RequestTrace;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Stands before the call of a context: gives each try its time, counts how it ended, tries again where that does no
 * harm, and does not try at all where it has just failed too often.
 */
@Component
final class ContextGuard implements GlobalFilter, Ordered {

    /** How a context says that its 503 is an answer: others change the same thing, or a read model is behind. */
    private static final String WELL = "Waybill-Well";

    /** Without it, a description of what may be late is made for every try. */
    private static final Mono<Void> TOO_LATE =
            Mono.error(() -> new TimeoutException("the context did not answer in time"));

    private static final Duration FOR_EVER = Duration.ofDays(1);

    private static final Duration BULKHEAD_FULL = Duration.ofSeconds(1);

    private static final Set<HttpMethod> IDEMPOTENT = Set.of(
            HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.OPTIONS, HttpMethod.TRACE);

    private final ContextBreakers breakers;
    private final ResilienceSettings settings;
    private final GatewaySettings gateway;
    private final IntervalFunction pauses;
    private final Map<BoundedContext, RetryBudget> budgets = new ConcurrentHashMap<>();
    private final Counter retries;
    private final Counter refusedRetries;

    ContextGuard(
            ContextBreakers breakers, ResilienceSettings settings, GatewaySettings gateway, MeterRegistry metrics) {
        this.breakers = breakers;
        this.settings = settings;
        this.gateway = gateway;
        this.pauses = IntervalFunction.ofExponentialBackoff(settings.firstPause(), 2);
        this.retries = metrics.counter("waybill.gateway.retries", "allowed", "true");
        this.refusedRetries = metrics.counter("waybill.gateway.retries", "allowed", "false");
    }

    /** After the request has been aimed at its context, before it is sent. */
    @Override
    public int getOrder() {
        return RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER + 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (!(exchange.getAttribute(Operation.ATTRIBUTE) instanceof ToContext operation)) {
            return chain.filter(exchange);
        }
        return Mono.defer(() -> {
            budgetOf(operation).request();
            var call = callOf(operation, exchange, chain);
            return tries(call, 1).onErrorResume(failure -> end(call, failure));
        });
    }

    /** Each context has its own: the retries of one that is down are not those that another may need. */
    private RetryBudget budgetOf(ToContext operation) {
        return budgets.computeIfAbsent(
                operation.context(),
                context -> new RetryBudget(settings.retryPercent(), settings.retryMinimum(), System::nanoTime));
    }

    /**
     * A request on its way to a context.
     *
     * @param tryLimit the time of one try
     * @param deadline when all must be over, on the clock of {@link System#nanoTime()}
     */
    private record Call(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            ToContext operation,
            RouteGroup group,
            boolean repeatable,
            Duration tryLimit,
            long deadline) {

        Duration left() {
            return Duration.ofNanos(deadline - System.nanoTime());
        }
    }

    private Call callOf(ToContext operation, ServerWebExchange exchange, GatewayFilterChain chain) {
        var request = exchange.getRequest();
        var group = RouteGroup.of(operation, request);
        var inAll = switch (group) {
            case READING, CATCHING_UP, WRITING, WRITING_ONCE, WRITING_WHEN_CAUGHT_UP, STREAMING ->
                gateway.responseTimeout();
            case WAITING -> gateway.waitTimeout(PreferredWait.of(request.getHeaders()));
        };
        var tryLimit = switch (group) {
            case READING, WRITING -> settings.tryTimeout();
            case WRITING_ONCE -> settings.keyedTryTimeout();
            case CATCHING_UP, WRITING_WHEN_CAUGHT_UP, WAITING -> inAll;
            case STREAMING -> FOR_EVER;
        };
        return new Call(
                exchange,
                chain,
                operation,
                group,
                isRepeatable(operation, exchange),
                tryLimit,
                System.nanoTime() + inAll.toNanos());
    }

    private static boolean isRepeatable(ToContext operation, ServerWebExchange exchange) {
        var request = exchange.getRequest();
        return IDEMPOTENT.contains(request.getMethod()) || RouteGroup.isKeyed(operation, request);
    }

    private Mono<Void> tries(Call call, int number) {
        return guarded(call, oneTry(call))
                .onErrorResume(failure -> pauseAfter(call, number, failure)
                        .map(pause -> Mono.delay(pause).then(Mono.defer(() -> tries(call, number + 1))))
                        .orElseGet(() -> Mono.error(failure)));
    }

    private Mono<Void> guarded(Call call, Mono<Void> oneTry) {
        var context = call.operation().context();
        var counted = oneTry.transformDeferred(
                CircuitBreakerOperator.of(breakers.guard(context, call.group()).breaker()));
        return switch (call.group()) {
            case READING, WRITING, WRITING_ONCE ->
                counted.transformDeferred(BulkheadOperator.of(breakers.bulkhead(context)));
            // Admission has places of their own for these.
            case CATCHING_UP, WRITING_WHEN_CAUGHT_UP, WAITING, STREAMING -> counted;
        };
    }

    private static Mono<Void> oneTry(Call call) {
        var sent = Mono.defer(() -> {
            // What the try before left behind.
            ServerWebExchangeUtils.reset(call.exchange());
            return call.chain().filter(call.exchange());
        });
        return Mono.defer(() -> call.group() == RouteGroup.STREAMING
                        ? sent
                        : sent.timeout(timeOf(call), TOO_LATE, ClientLoop.of(call.exchange())))
                .then(Mono.defer(() -> outcome(call)));
    }

    private static Duration timeOf(Call call) {
        var left = call.left();
        return left.compareTo(call.tryLimit()) < 0 ? left : call.tryLimit();
    }

    private static Mono<Void> outcome(Call call) {
        var response = call.exchange().getResponse();
        var status = response.getStatusCode();
        return status != null && status.is5xxServerError()
                ? Mono.error(new FailedAnswer(
                        status.value(), response.getHeaders().containsKey(WELL), response.getHeaders()))
                : Mono.empty();
    }

    /** How long to wait before the next try; nothing where there is none. */
    private Optional<Duration> pauseAfter(Call call, int number, Throwable failure) {
        if (number >= settings.tries() || !call.repeatable() || !isWorthARetry(call, failure)) {
            return Optional.empty();
        }
        var pause = pause(number);
        if (pause.compareTo(call.left()) >= 0) {
            return Optional.empty();
        }
        if (!budgetOf(call.operation()).takeRetry()) {
            refusedRetries.increment();
            RequestTrace.of(call.exchange()).retryRefused();
            return Optional.empty();
        }
        retries.increment();
        RequestTrace.of(call.exchange()).retries(pause);
        return Optional.of(pause);
    }

    private Duration pause(int number) {
        var least = pauses.apply(number);
        var most = Math.min(settings.longestPause().toMillis(), least + least / 2);
        return Duration.ofMillis(
                least >= most ? most : ThreadLocalRandom.current().nextLong(least, most + 1));
    }

    private static boolean isWorthARetry(Call call, Throwable failure) {
        return switch (failure) {
            case CallNotPermittedException open -> false;
            case BulkheadFullException full -> false;
            // A context that held a request until its read model would catch up has waited long enough for it.
            case FailedAnswer answer ->
                answer.isTemporary()
                        && !(answer.isOfWellContext()
                                && ReadYourWrites.isAskedFor(call.exchange().getRequest()));
            default -> true;
        };
    }

    private Mono<Void> end(Call call, Throwable failure) {
        if (failure instanceof FailedAnswer) {
            // What the context says about it is passed on.
            return Mono.empty();
        }
        ServerWebExchangeUtils.reset(call.exchange());
        if (failure instanceof CallNotPermittedException) {
            var breaker =
                    breakers.guard(call.operation().context(), call.group()).breaker();
            RequestTrace.of(call.exchange())
                    .breakerRefused(breaker.getName(), breaker.getState().name());
        }
        return Mono.error(
                switch (failure) {
                    case CallNotPermittedException open ->
                        RefusedRequest.forNow(
                                ProblemCode.CONTEXT_UNAVAILABLE,
                                breakers.guard(call.operation().context(), call.group())
                                        .untilNextTry());
                    case BulkheadFullException full -> RefusedRequest.forNow(ProblemCode.OVERLOADED, BULKHEAD_FULL);
                    // Who may ask again should; all others must know that it may have happened.
                    default -> call.repeatable() && isTimeout(failure) ? new NoAnswer(failure) : failure;
                });
    }

    static boolean isTimeout(Throwable failure) {
        return failure instanceof TimeoutException
                || (failure instanceof ResponseStatusException answer
                        && answer.getStatusCode().isSameCodeAs(HttpStatus.GATEWAY_TIMEOUT));
    }
}
