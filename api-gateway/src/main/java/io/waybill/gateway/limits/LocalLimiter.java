package io.waybill.gateway.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;

/**
 * Counts for this gateway alone. It also notes what Redis grants here, so that a gateway that loses Redis does not
 * grant everything once more.
 */
final class LocalLimiter {

    /** Whoever comes with more addresses than this while Redis is away is let in more often than the policy says. */
    private static final int MOST_SUBJECTS = 100_000;

    private record Key(String policy, String subject) {}

    private final Ticker ticker;
    private final Cache<Key, LocalMeter> meters;

    LocalLimiter(Ticker ticker) {
        this.ticker = ticker;
        this.meters = Caffeine.newBuilder()
                .ticker(ticker)
                .maximumSize(MOST_SUBJECTS)
                .expireAfter(Expiry.<Key, LocalMeter>accessing((key, meter) -> meter.memory()))
                .build();
    }

    Decision decide(Policy policy, String subject) {
        return meter(policy, subject).decide(micros());
    }

    /** Somebody else granted it. */
    void note(Policy policy, String subject) {
        meter(policy, subject).grant(micros());
    }

    private LocalMeter meter(Policy policy, String subject) {
        return meters.get(new Key(policy.name(), subject), key -> LocalMeter.of(policy));
    }

    private long micros() {
        return ticker.read() / 1_000;
    }
}
