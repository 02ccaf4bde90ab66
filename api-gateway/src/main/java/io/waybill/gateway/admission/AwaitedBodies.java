package io.waybill.gateway.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The bodies that clients are sending, at most so many at once. One more takes the place of the one that has been
 * awaited longest: an honest body is there within moments, so those who only pretend to send one crowd out each other.
 */
final class AwaitedBodies {

    private final int places;
    private final SequencedSet<Sinks.Empty<Void>> awaited = new LinkedHashSet<>();
    private final Counter crowdedOut;

    AwaitedBodies(int places, MeterRegistry metrics) {
        this.places = places;
        this.crowdedOut = metrics.counter("waybill.gateway.admission.refused", "lane", "bodies");
        Gauge.builder("waybill.gateway.admission.under-way", this, AwaitedBodies::size)
                .tag("lane", "bodies")
                .description("requests whose body has not come yet")
                .register(metrics);
    }

    /** The body, or nothing but the error where it is crowded out. */
    <T> Mono<T> await(Mono<T> body, Mono<Void> crowdedOutError) {
        return Mono.defer(() -> {
            var end = Sinks.<Void>empty();
            crowdOut(add(end));
            return body.takeUntilOther(end.asMono().then(crowdedOutError)).doFinally(signal -> remove(end));
        });
    }

    private void crowdOut(Sinks.@Nullable Empty<Void> eldest) {
        if (eldest != null) {
            crowdedOut.increment();
            eldest.tryEmitEmpty();
        }
    }

    private synchronized Sinks.@Nullable Empty<Void> add(Sinks.Empty<Void> end) {
        awaited.addLast(end);
        return awaited.size() > places ? awaited.removeFirst() : null;
    }

    private synchronized void remove(Sinks.Empty<Void> end) {
        awaited.remove(end);
    }

    private synchronized int size() {
        return awaited.size();
    }
}
