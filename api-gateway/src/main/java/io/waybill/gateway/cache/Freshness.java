package io.waybill.gateway.cache;

import java.time.Duration;
import java.time.Instant;

/**
 * How old a stored answer is and for how long it is fresh.
 *
 * @param lifetime none where its age cannot be known, so that it is asked about before it is used
 */
record Freshness(Duration lifetime, Duration age) {

    static Freshness of(StoredAnswer answer, Instant now) {
        var policy = answer.policy();
        var initial = policy.initialAge(answer.requestedAt(), answer.receivedAt());
        var resident = Duration.between(answer.receivedAt(), now);
        if (resident.isNegative()) {
            resident = Duration.ZERO;
        }
        return initial == null
                ? new Freshness(Duration.ZERO, resident)
                : new Freshness(policy.lifetime(answer.receivedAt()), initial.plus(resident));
    }

    boolean isFresh() {
        return lifetime.compareTo(age) > 0;
    }

    /** How long it has been stale. */
    Duration staleness() {
        return isFresh() ? Duration.ZERO : age.minus(lifetime);
    }

    /** Seconds left; negative once it is stale. */
    long ttl() {
        return Math.floorDiv(lifetime.minus(age).toMillis(), 1000L);
    }
}
