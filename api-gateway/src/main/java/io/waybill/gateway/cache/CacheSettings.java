package io.waybill.gateway.cache;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What an operator may set about the cache; {@code waybill.gateway.cache.enabled=false} switches it off.
 *
 * @param keyPrefix what all keys in Redis begin with
 * @param redisTimeout how long Redis may take before a request goes on without it
 * @param redisRetry how often a Redis that failed is tried again
 * @param maxBody the largest body that is kept
 * @param maxVariants how many answers are kept for one target
 * @param maxTargets how many targets answers are kept for; one more takes the place of the eldest
 * @param maxKept how long anything is kept at most
 * @param keptForValidation how much longer an answer is kept than it may be used, because it can still be approved
 * @param outdatedKept how long it is remembered that an event outdated something; longer than {@code maxKept}
 * @param flightWait how long a request waits for another one's answer before it goes by itself
 */
@ConfigurationProperties("waybill.gateway.cache")
record CacheSettings(
        @DefaultValue("waybill:cache:") String keyPrefix,
        @DefaultValue("75ms") Duration redisTimeout,
        @DefaultValue("250ms") Duration redisRetry,
        @DefaultValue("256KB") DataSize maxBody,
        @DefaultValue("8") int maxVariants,
        @DefaultValue("10000") int maxTargets,
        @DefaultValue("24h") Duration maxKept,
        @DefaultValue("1h") Duration keptForValidation,
        @DefaultValue("48h") Duration outdatedKept,
        @DefaultValue("5s") Duration flightWait) {

    CacheSettings {
        require(redisTimeout.isPositive(), "redis-timeout must be more than nothing");
        require(redisRetry.isPositive(), "redis-retry must be more than nothing");
        require(maxBody.toBytes() > 0 && maxBody.toBytes() <= 16 << 20, "max-body must be 1 byte to 16 MB");
        require(maxVariants > 0 && maxVariants <= 64, "max-variants must be 1 to 64");
        require(maxTargets > 0, "max-targets must be more than nothing");
        require(maxKept.isPositive(), "max-kept must be more than nothing");
        require(!keptForValidation.isNegative(), "kept-for-validation must not be negative");
        require(outdatedKept.compareTo(maxKept) > 0, "outdated-kept must be longer than max-kept");
        require(flightWait.isPositive(), "flight-wait must be more than nothing");
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new IllegalArgumentException("waybill.gateway.cache." + complaint);
        }
    }
}
