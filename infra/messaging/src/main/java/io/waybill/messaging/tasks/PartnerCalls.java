package io.waybill.messaging.tasks;

import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedBulkheadMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Calls a partner: each call has its time, only so many are under way at once, and after several failures in a row none
 * is made for a while. Whatever goes wrong is an exception, which says nothing about what the partner did: the task
 * that called tries again, with the same idempotency key.
 */
public final class PartnerCalls implements MeterBinder {

    private static final Logger LOG = LoggerFactory.getLogger(PartnerCalls.class);

    private final String partner;
    private final TimeLimit limit;
    private final CircuitBreakerRegistry breakers;
    private final BulkheadRegistry bulkheads;

    public PartnerCalls(String partner, TimeLimit limit, PartnerSettings settings) {
        this.partner = partner;
        this.limit = limit;
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
                .onEntryAdded(added -> added.getAddedEntry().getEventPublisher().onStateTransition(event -> {
                    var transition = event.getStateTransition();
                    LOG.atLevel(transition.getToState() == State.OPEN ? Level.WARN : Level.INFO)
                            .log(
                                    "Breaker {}: {} after {}",
                                    event.getCircuitBreakerName(),
                                    transition.getToState(),
                                    transition.getFromState());
                }));
    }

    /**
     * Waits for the answer to an operation of the partner.
     *
     * @throws TimeLimitExceeded if none came in time
     * @throws io.github.resilience4j.circuitbreaker.CallNotPermittedException if the partner is not asked, because it
     *     has failed too often
     * @throws io.github.resilience4j.bulkhead.BulkheadFullException if the partner is not asked, because too many calls
     *     are under way
     */
    public <T> T call(String operation, Supplier<T> call) {
        var name = partner + "-" + operation;
        CircuitBreaker breaker = breakers.circuitBreaker(name);
        return bulkheads.bulkhead(name).executeSupplier(() -> breaker.executeSupplier(() -> limit.call(call)));
    }

    /** The same for an operation without an answer. */
    public void run(String operation, Runnable call) {
        call(operation, () -> {
            call.run();
            return true;
        });
    }

    @Override
    public void bindTo(MeterRegistry metrics) {
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(metrics);
        TaggedBulkheadMetrics.ofBulkheadRegistry(bulkheads).bindTo(metrics);
    }
}
