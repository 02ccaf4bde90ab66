package io.waybill.gateway.resilience;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.reactor.bulkhead.operator.BulkheadOperator;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.waybill.gateway.BoundedContext;
import io.waybill.gateway.ContextReads;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.codec.DecodingException;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import reactor.core.publisher.Mono;

/**
 * A breaker for each context and group of routes, and a bulkhead for each context. An open breaker lets some through
 * when its time is over, as soon as a context that was away says that it is ready, and before one that is ready when
 * its 503 wanted to be asked again, else after a moment that doubles while these fail too.
 */
@Component
final class ContextBreakers implements ContextReads {

    private static final Logger LOG = LoggerFactory.getLogger(ContextBreakers.class);
    private static final Duration FIRST_REST = Duration.ofSeconds(2);
    private static final int MOST_DOUBLINGS = 10;
    private static final Duration MOST_TOLD = Duration.ofSeconds(5);

    private final ResilienceSettings settings;
    private final ReturnWatch watch;
    private final Map<BoundedContext, Map<RouteGroup, Guard>> guards = new EnumMap<>(BoundedContext.class);
    private final Map<BoundedContext, Bulkhead> bulkheads = new EnumMap<>(BoundedContext.class);

    ContextBreakers(
            ResilienceSettings settings,
            CircuitBreakerRegistry breakers,
            BulkheadRegistry bulkheads,
            ReturnWatch watch) {
        this.settings = settings;
        this.watch = watch;
        for (var context : BoundedContext.values()) {
            var groups = new EnumMap<RouteGroup, Guard>(RouteGroup.class);
            Arrays.stream(RouteGroup.values())
                    .forEach(group -> groups.put(
                            group,
                            new Guard(
                                    context,
                                    breakers.circuitBreaker(context.id() + "-" + group.id(), configOf(group)))));
            guards.put(context, groups);
            this.bulkheads.put(
                    context,
                    bulkheads.bulkhead(
                            context.id(),
                            BulkheadConfig.custom()
                                    .maxConcurrentCalls(settings.bulkhead())
                                    .maxWaitDuration(Duration.ZERO)
                                    .writableStackTraceEnabled(false)
                                    .build()));
        }
    }

    Guard guard(BoundedContext context, RouteGroup group) {
        return Objects.requireNonNull(
                Objects.requireNonNull(guards.get(context)).get(group));
    }

    Bulkhead bulkhead(BoundedContext context) {
        return Objects.requireNonNull(bulkheads.get(context));
    }

    @Override
    public <T> Mono<T> guarded(BoundedContext context, Mono<T> read) {
        return read.transformDeferred(CircuitBreakerOperator.of(
                        guard(context, RouteGroup.READING).breaker()))
                .transformDeferred(BulkheadOperator.of(bulkhead(context)));
    }

    /** What a context answers while it is well says nothing against it, whatever its status. */
    private static boolean isFailure(Throwable error) {
        return switch (error) {
            case FailedAnswer answer -> !answer.isOfWellContext();
            case WebClientResponseException answer -> answer.getStatusCode().is5xxServerError();
            case DecodingException unreadable -> false;
            default -> true;
        };
    }

    private CircuitBreakerConfig configOf(RouteGroup group) {
        var config = CircuitBreakerConfig.custom()
                // All of the last few: that many in a row.
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(settings.failures())
                .minimumNumberOfCalls(settings.failures())
                .failureRateThreshold(100)
                .recordException(ContextBreakers::isFailure)
                // Nobody looks where a refusal came from, and it must cost the others nothing.
                .writableStackTraceEnabled(false)
                .waitDurationInOpenState(settings.openFor())
                .permittedNumberOfCallsInHalfOpenState(settings.halfOpenTries())
                // A stream that takes long to begin must not keep everybody else out.
                .maxWaitDurationInHalfOpenState(settings.openFor());
        return switch (group) {
            case READING, WRITING ->
                config.slowCallRateThreshold(100)
                        .slowCallDurationThreshold(settings.slowTry())
                        .build();
            // Whoever sends a token has chosen to be held, and must not shut out others by it.
            case CATCHING_UP, WRITING_WHEN_CAUGHT_UP ->
                config.ignoreException(ContextGuard::isTimeout).build();
            case WRITING_ONCE, WAITING, STREAMING -> config.build();
        };
    }

    /** A breaker that knows when it will let something through again. */
    final class Guard {

        private final BoundedContext context;
        private final CircuitBreaker breaker;

        /** How often it has opened since it was last closed. */
        private final AtomicInteger openings = new AtomicInteger();

        /** When the latest answer wanted to be asked again, if it was a failure that said so. */
        private volatile @Nullable Duration told;

        private volatile Duration openFor = settings.openFor();
        private volatile long openedAt;

        private Guard(BoundedContext context, CircuitBreaker breaker) {
            this.context = context;
            this.breaker = breaker;
            breaker.getEventPublisher()
                    .onSuccess(event -> told = null)
                    .onError(event ->
                            told = event.getThrowable() instanceof FailedAnswer answer ? answer.retryAfter() : null)
                    .onStateTransition(event -> changed(event.getStateTransition()));
        }

        CircuitBreaker breaker() {
            return breaker;
        }

        /**
         * When it is worth while to come again. When its rest is over, a context is asked by one of us whether it is
         * ready, and not by everybody once a second.
         */
        Duration untilNextTry() {
            if (breaker.getState() != State.OPEN) {
                return Duration.ZERO;
            }
            var rest = openFor.minusNanos(System.nanoTime() - openedAt);
            return rest.isPositive() ? shorter(rest, MOST_TOLD) : MOST_TOLD;
        }

        /**
         * For a context that is ready: as long as it says, else a moment at first and twice as long each time the tries
         * after it fail too.
         */
        private Duration timeToRest() {
            var doubled = FIRST_REST.multipliedBy(1L << Math.min(openings.getAndIncrement(), MOST_DOUBLINGS));
            return shorter(Objects.requireNonNullElse(told, doubled), settings.openFor());
        }

        private static Duration shorter(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? one : other;
        }

        private void changed(StateTransition transition) {
            if (transition.getToState() == State.OPEN) {
                openFor = timeToRest();
                openedAt = System.nanoTime();
                LOG.warn("Breaker {}: {} after {}", breaker.getName(), State.OPEN, transition.getFromState());
                watch.watch(context, breaker, openFor);
            } else {
                if (transition.getToState() == State.CLOSED) {
                    openings.set(0);
                }
                LOG.info(
                        "Breaker {}: {} after {}",
                        breaker.getName(),
                        transition.getToState(),
                        transition.getFromState());
            }
        }
    }
}
