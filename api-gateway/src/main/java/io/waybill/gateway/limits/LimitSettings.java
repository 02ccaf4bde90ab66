package io.waybill.gateway.limits;

import io.waybill.gateway.limits.Policy.Rule;
import io.waybill.gateway.limits.Policy.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How requests are limited.
 *
 * @param keyPrefix what the keys in Redis begin with
 * @param patience how long a request waits for Redis before the gateway decides alone
 * @param probe how often a gateway that decides alone looks for Redis again
 * @param gateways how many gateways there are: alone, each grants its part
 * @param policies what is allowed where, by name
 */
@ConfigurationProperties("waybill.gateway.limits")
record LimitSettings(
        @DefaultValue("waybill:limits:") String keyPrefix,
        @DefaultValue("100ms") Duration patience,
        @DefaultValue("1s") Duration probe,
        @DefaultValue("1") int gateways,
        @DefaultValue Map<String, PolicySettings> policies) {

    LimitSettings {
        require(patience.isPositive(), "patience must be more than nothing");
        require(probe.isPositive(), "probe must be more than nothing");
        require(gateways > 0, "gateways must be one or more");
        policies = Map.copyOf(policies);
        policies.forEach((name, policy) -> {
            // It stands in header fields, and in keys.
            require(name.matches("[a-z][a-z0-9-]*"), "policies may only have names such as ordering, not " + name);
            policy.check(name);
        });
    }

    List<Policy> toPolicies() {
        return policies.entrySet().stream()
                .map(entry -> entry.getValue().toPolicy(entry.getKey()))
                .toList();
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new IllegalArgumentException("waybill.gateway.limits." + complaint);
        }
    }

    enum Kind {
        TOKEN_BUCKET,
        SLIDING_WINDOW
    }

    /**
     * A policy.
     *
     * @param quota how many requests at once; in a sliding window, how many at all
     * @param refill how many more a token bucket allows in each period
     * @param per the period of the refill; the length of a sliding window
     */
    record PolicySettings(
            @DefaultValue("token-bucket") Kind kind,
            @DefaultValue("client") Subject subject,
            int quota,
            @DefaultValue("0") int refill,
            @DefaultValue("1s") Duration per,
            @DefaultValue List<String> routes) {

        PolicySettings {
            routes = List.copyOf(routes);
        }

        private void check(String name) {
            var setting = "policies." + name + ".";
            // The scripts count microseconds in numbers that are exact up to 2^53.
            require(quota > 0 && quota <= 1_000_000, setting + "quota must be 1 to 1000000");
            require(per.toMillis() > 0 && per.toDays() <= 1, setting + "per must be 1 ms to one day");
            switch (kind) {
                case TOKEN_BUCKET -> {
                    require(refill > 0 && refill <= micros(per), setting + "refill must be one or more");
                    require(toPolicy(name).memory().toDays() <= 30, setting + "quota must be refilled within 30 days");
                }
                case SLIDING_WINDOW -> {
                    require(refill == 0, setting + "refill is for token buckets only");
                    require(quota <= 10_000, setting + "quota of a sliding window must be 1 to 10000");
                }
            }
        }

        private Policy toPolicy(String name) {
            return new Policy(
                    name,
                    subject,
                    quota,
                    switch (kind) {
                        // Rounded up: rather a microsecond late than one too many.
                        case TOKEN_BUCKET -> new Rule.TokenBucket(Math.ceilDiv(micros(per), refill));
                        case SLIDING_WINDOW -> new Rule.SlidingWindow(micros(per));
                    },
                    routes.stream().map(RoutePattern::of).toList());
        }

        private static long micros(Duration duration) {
            return duration.toNanos() / 1_000;
        }
    }
}
