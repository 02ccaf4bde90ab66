package io.waybill.gateway.limits;

import java.time.Duration;
import java.util.List;

/**
 * How much one client may ask for.
 *
 * @param subject whom it counts
 * @param quota who has been idle may ask so many times at once
 */
record Policy(String name, Subject subject, int quota, Rule rule, List<RoutePattern> routes) {

    Policy {
        routes = List.copyOf(routes);
    }

    enum Subject {
        /** Who is logged in, else where the request comes from. */
        CLIENT,
        /** Where the request comes from, whoever is logged in. */
        ADDRESS
    }

    sealed interface Rule {

        /** Every so often one more is allowed, up to the quota. */
        record TokenBucket(long intervalMicros) implements Rule {}

        /** Never more than the quota in any stretch of time as long as this. */
        record SlidingWindow(long windowMicros) implements Rule {}
    }

    /** How long it takes until nothing that was asked for counts any more. */
    Duration memory() {
        return Duration.ofNanos(1_000
                * switch (rule) {
                    case Rule.TokenBucket bucket -> bucket.intervalMicros() * quota;
                    case Rule.SlidingWindow window -> window.windowMicros();
                });
    }

    /** The same for one of several gateways that cannot ask each other. */
    Policy shareOf(int gateways) {
        var share = Math.max(1, quota / gateways);
        return new Policy(
                name,
                subject,
                share,
                switch (rule) {
                    case Rule.TokenBucket bucket -> new Rule.TokenBucket(bucket.intervalMicros() * gateways);
                    case Rule.SlidingWindow window -> window;
                },
                routes);
    }
}
