package io.waybill.gateway.resilience;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the gateway deals with contexts that fail. All tries of a request together have
 * {@code waybill.gateway.response-timeout}.
 *
 * @param tryTimeout how long one try may take; requests that wait or stream by contract have their own time
 * @param keyedTryTimeout how long one try of an order with an Idempotency-Key may take: longer than its context holds
 *     it while another with that key is under way
 * @param failures so many failed tries in a row open a breaker
 * @param slowTry from when on a try counts as slow; so many slow tries in a row open a breaker too
 * @param openFor how long an open breaker lets nothing through
 * @param halfOpenTries how many tries a breaker lets through then to see how it is
 * @param tries how often a request that may be repeated is tried
 * @param firstPause the pause before the second try; it doubles, and up to half of it is added at random
 * @param longestPause no pause is longer
 * @param retryPercent how many of a hundred recent requests may be tried again
 * @param retryMinimum how many retries in ten seconds are allowed even where there are few requests
 * @param bulkhead how many requests to one context may be under way at once
 */
@ConfigurationProperties("waybill.gateway.resilience")
record ResilienceSettings(
        @DefaultValue("3s") Duration tryTimeout,
        @DefaultValue("5s") Duration keyedTryTimeout,
        @DefaultValue("5") int failures,
        @DefaultValue("3s") Duration slowTry,
        @DefaultValue("30s") Duration openFor,
        @DefaultValue("3") int halfOpenTries,
        @DefaultValue("3") int tries,
        @DefaultValue("1s") Duration firstPause,
        @DefaultValue("10s") Duration longestPause,
        @DefaultValue("10") int retryPercent,
        @DefaultValue("10") int retryMinimum,
        @DefaultValue("250") int bulkhead) {

    ResilienceSettings {
        require(tryTimeout.isPositive(), "try-timeout must be more than nothing");
        require(keyedTryTimeout.isPositive(), "keyed-try-timeout must be more than nothing");
        require(failures > 0, "failures must be one or more");
        require(slowTry.isPositive(), "slow-try must be more than nothing");
        require(openFor.isPositive(), "open-for must be more than nothing");
        require(halfOpenTries > 0, "half-open-tries must be one or more");
        require(tries > 0, "tries must be one or more");
        require(firstPause.toMillis() > 0, "first-pause must be 1 ms or more");
        require(longestPause.compareTo(firstPause) >= 0, "longest-pause must not be shorter than first-pause");
        require(retryPercent >= 0 && retryPercent <= 100, "retry-percent must be 0 to 100");
        require(retryMinimum >= 0, "retry-minimum must not be negative");
        require(bulkhead > 0, "bulkhead must be one or more");
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new IllegalArgumentException("waybill.gateway.resilience." + complaint);
        }
    }
}
