package io.waybill.messaging.tasks;

import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnStateTransitionEvent;
import io.github.resilience4j.micrometer.tagged.TaggedBulkheadMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.waybill.messaging.tracing.Tracing;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a partner: each call has its time, only so many are under way at once, and after several failures in a row none
 * is made for a while. Whatever goes wrong is an exception, which says nothing about what the partner did: the task
 * that called tries again, with the same idempotency key.
 *
 * <p>Not final, so that a simulation can make the calls in its one thread and on its own clock.
 */
public class PartnerCalls implements MeterBinder {

    private static final Logger LOG = LoggerFactory.getLogger(PartnerCalls.class);
    private static final Duration A_MOMENT = Duration.ofMillis(500);

    private static final AttributeKey<String> PARTNER = AttributeKey.stringKey("peer.service");

    private final String partner;
    private final TimeLimit limit;
    private final CircuitBreakerRegistry breakers;
    private final BulkheadRegistry bulkheads;
    private final Duration openFor;
    private final Tracing tracing;
    private final Map<String, Long> openedAt = new ConcurrentHashMap<>();

    public PartnerCalls(String partner, TimeLimit limit, PartnerSettings settings, Tracing tracing) {
        this.partner = partner;
        this.limit = limit;
        this.tracing = tracing;
        this.openFor = settings.openFor();
        this.breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
                // All of the last few: that many in a row.
                .slidingWindowSize(settings.failures())
                .minimumNumberOfCalls(settings.failures())
                .failureRateThreshold(100)
                .slowCallRateThreshold(100)
                .slowCallDurationThreshold(settings.slowCall())
                .waitDurationInOpenState(settings.openFor())
                .permittedNumberOfCallsInHalfOpenState(settings.halfOpenCalls())
                .build());
        this.bulkheads = BulkheadRegistry.of(BulkheadConfig.custom()
                .maxConcurrentCalls(settings.concurrency())
                .maxWaitDuration(Duration.ZERO)
                .build());
        breakers.getEventPublisher()
                .onEntryAdded(added -> added.getAddedEntry().getEventPublisher().onStateTransition(this::changed));
    }

    /**
     * Waits for the answer to an operation of the partner.
     *
     * @throws TimeLimitExceeded if none came in time
     * @throws NotNow if the partner is not asked, because it has failed too often or too many calls are under way
     */
    public <T> T call(String operation, Supplier<T> call) {
        var name = partner + "-" + operation;
        CircuitBreaker breaker = breakers.circuitBreaker(name);
        try {
            return bulkheads
                    .bulkhead(name)
                    .executeSupplier(() -> breaker.executeSupplier(() -> traced(operation, call)));
        } catch (CallNotPermittedException e) {
            throw new NotNow(untilNextCall(name), e);
        } catch (BulkheadFullException e) {
            throw new NotNow(A_MOMENT, e);
        }
    }

    /** Each call that is really made, whatever became of it. */
    private <T> T traced(String operation, Supplier<T> call) {
        Span span = tracing.start(SpanKind.CLIENT, partner + " " + operation);
        span.setAttribute(PARTNER, partner + "-partner");
        return Tracing.in(span, () -> limit.call(Context.current().wrapSupplier(call)));
    }

    /** The same for an operation without an answer. */
    public void run(String operation, Runnable call) {
        call(operation, () -> {
            call.run();
            return true;
        });
    }

    /** Those that are let through when the time is over may still be under way, so it is never less than a moment. */
    private Duration untilNextCall(String breaker) {
        long since = openedAt.getOrDefault(breaker, System.nanoTime());
        Duration left = openFor.minusNanos(System.nanoTime() - since);
        return left.compareTo(A_MOMENT) > 0 ? left : A_MOMENT;
    }

    private void changed(CircuitBreakerOnStateTransitionEvent event) {
        String breaker = event.getCircuitBreakerName();
        State from = event.getStateTransition().getFromState();
        State to = event.getStateTransition().getToState();
        if (to == State.OPEN) {
            openedAt.put(breaker, System.nanoTime());
            LOG.warn("Breaker {}: {} after {}", breaker, to, from);
        } else {
            LOG.info("Breaker {}: {} after {}", breaker, to, from);
        }
    }

    @Override
    public void bindTo(MeterRegistry metrics) {
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(metrics);
        TaggedBulkheadMetrics.ofBulkheadRegistry(bulkheads).bindTo(metrics);
    }
}
