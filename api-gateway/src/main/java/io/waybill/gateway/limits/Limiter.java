package io.waybill.gateway.limits;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Decides with Redis, for all gateways together; while Redis does not answer in time, alone and within this gateway's
 * share. Nothing that was granted is forgotten on the way from one to the other.
 */
@Component
final class Limiter {

    private static final Logger LOG = LoggerFactory.getLogger(Limiter.class);

    /** Without it, a description of what may be late is made for every decision. */
    private static final Mono<Decision> TOO_LATE =
            Mono.error(() -> new TimeoutException("Redis did not decide in time"));

    private record Outcome(String policy, Decision.By by, boolean granted) {}

    private final RedisLimiter redis;
    private final RedisLink link;
    private final LocalLimiter local = new LocalLimiter(Ticker.systemTicker());
    private final Map<String, Policy> shares;
    private final Duration patience;
    private final CircuitBreaker breaker;
    private final MeterRegistry metrics;
    private final Map<Outcome, Counter> decisions = new ConcurrentHashMap<>();
    private volatile long lastAlone;
    private volatile boolean everAlone;

    Limiter(
            RedisLimiter redis,
            RedisLink link,
            LimitSettings settings,
            CircuitBreakerRegistry breakers,
            MeterRegistry metrics) {
        this.redis = redis;
        this.link = link;
        this.shares = settings.toPolicies().stream()
                .collect(Collectors.toUnmodifiableMap(Policy::name, policy -> policy.shareOf(settings.gateways())));
        this.patience = settings.patience();
        this.breaker = breakers.circuitBreaker("redis-limits", breakerConfig(settings.probe()));
        this.metrics = metrics;
        breaker.getEventPublisher().onStateTransition(event -> tell(event.getStateTransition()));
        Gauge.builder("waybill.gateway.limits.alone", this, limiter -> limiter.isAlone() ? 1 : 0)
                .description("1 while this gateway limits without Redis")
                .register(metrics);
    }

    /** @param loop where it is watched how long Redis takes */
    Mono<Decision> decide(Policy policy, String subject, Scheduler loop) {
        var decision = link.isOpen()
                ? redis.decide(policy, subject)
                        .timeout(patience, TOO_LATE, loop)
                        .transformDeferred(CircuitBreakerOperator.of(breaker))
                        .map(shared -> agreed(policy, subject, shared))
                        .onErrorResume(failure -> alone(policy, subject, failure))
                : Mono.fromSupplier(() -> alone(policy, subject));
        return decision.doOnNext(made -> count(policy, made));
    }

    private boolean isAlone() {
        return !link.isOpen() || breaker.getState() != State.CLOSED;
    }

    /** What was granted alone counts as long as what Redis knows of, so for a while both must agree. */
    private Decision agreed(Policy policy, String subject, Decision shared) {
        if (!shared.granted()) {
            return shared;
        }
        if (everAlone && System.nanoTime() - lastAlone < policy.memory().toNanos()) {
            var here = local.decide(share(policy), subject);
            return here.granted() ? shared : here;
        }
        local.note(share(policy), subject);
        return shared;
    }

    private Mono<Decision> alone(Policy policy, String subject, Throwable failure) {
        if (!(failure instanceof CallNotPermittedException)) {
            LOG.debug("Redis did not decide on {} for {}", policy.name(), subject, failure);
        }
        return Mono.fromSupplier(() -> alone(policy, subject));
    }

    private Decision alone(Policy policy, String subject) {
        lastAlone = System.nanoTime();
        everAlone = true;
        return local.decide(share(policy), subject);
    }

    private Policy share(Policy policy) {
        return shares.getOrDefault(policy.name(), policy);
    }

    private void count(Policy policy, Decision decision) {
        decisions
                .computeIfAbsent(new Outcome(policy.name(), decision.by(), decision.granted()), this::counter)
                .increment();
    }

    private Counter counter(Outcome outcome) {
        return metrics.counter(
                "waybill.gateway.limits.decisions",
                "policy",
                outcome.policy(),
                "by",
                outcome.by().name().toLowerCase(Locale.ROOT),
                "granted",
                Boolean.toString(outcome.granted()));
    }

    private void tell(StateTransition transition) {
        if (transition == StateTransition.CLOSED_TO_OPEN) {
            LOG.warn("Redis does not answer; this gateway grants its share of the limits until it does");
        } else if (transition == StateTransition.HALF_OPEN_TO_CLOSED) {
            LOG.info("Redis answers again; limits hold across all gateways");
        }
    }

    private static CircuitBreakerConfig breakerConfig(Duration probe) {
        return CircuitBreakerConfig.custom()
                .slidingWindowSize(10)
                .minimumNumberOfCalls(5)
                .failureRateThreshold(50)
                .waitDurationInOpenState(probe)
                .permittedNumberOfCallsInHalfOpenState(1)
                .build();
    }
}
