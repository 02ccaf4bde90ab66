package io.waybill.gateway.cache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Makes one request of many that ask for the same at the same time. */
final class Flights {

    /** What those who waited learn. */
    sealed interface Landing {

        /** An answer that is stored, or as good as. */
        record Shared(StoredAnswer answer) implements Landing {}

        /** The answer was for one request only. */
        record NotShared() implements Landing {}

        /** There is no good answer. */
        record Failed(int status) implements Landing {}

        record Broken(Throwable error) implements Landing {}

        /** Whoever asked first went away. */
        record Abandoned() implements Landing {}
    }

    /** One request under way. */
    static final class Flight {

        private final Sinks.One<Landing> landing = Sinks.one();

        /** Only the first landing counts. */
        void land(Landing how) {
            landing.tryEmitValue(how);
        }

        Mono<Landing> landing() {
            return landing.asMono();
        }
    }

    private final ConcurrentMap<String, Flight> underWay = new ConcurrentHashMap<>();

    /** Leads a flight, or waits for the one that is under way. */
    <T> Mono<T> board(String target, Function<Flight, Mono<T>> lead, Function<Mono<Landing>, Mono<T>> wait) {
        return Mono.defer(() -> {
            var own = new Flight();
            var other = underWay.putIfAbsent(target, own);
            return other == null ? led(target, own, lead) : wait.apply(other.landing());
        });
    }

    /** Leads a flight; does nothing where one is under way. */
    <T> Mono<T> boardAlone(String target, Function<Flight, Mono<T>> lead) {
        return board(target, lead, landing -> Mono.empty());
    }

    private <T> Mono<T> led(String target, Flight flight, Function<Flight, Mono<T>> lead) {
        return lead.apply(flight)
                .doOnError(error -> end(target, flight, new Landing.Broken(error)))
                .doFinally(signal -> end(target, flight, null));
    }

    private void end(String target, Flight flight, @Nullable Landing how) {
        // Off the board first, so that whoever is told of it can begin another.
        underWay.remove(target, flight);
        flight.land(how == null ? new Landing.Abandoned() : how);
    }
}
