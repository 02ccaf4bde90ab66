package io.waybill.gateway.limits;

import io.waybill.gateway.limits.Policy.Rule;
import org.springframework.http.HttpHeaders;

/**
 * Tells clients about their limits as {@code draft-ietf-httpapi-ratelimit-headers-10} does: structured fields, whole
 * seconds.
 */
final class RateLimitFields {

    private RateLimitFields() {}

    static void write(Policy policy, Decision decision, HttpHeaders headers) {
        // Put together by hand: a format string is read anew with every answer.
        headers.set("RateLimit-Policy", '"' + policy.name() + "\";q=" + policy.quota() + ";w=" + windowSeconds(policy));
        headers.set(
                "RateLimit",
                '"' + policy.name() + "\";r=" + decision.remaining() + ";t=" + seconds(decision.waitMicros()));
    }

    /** In how long a client may ask as often as the quota says, also in the long run. */
    private static long windowSeconds(Policy policy) {
        return seconds(
                switch (policy.rule()) {
                    case Rule.TokenBucket bucket -> bucket.intervalMicros() * policy.quota();
                    case Rule.SlidingWindow window -> window.windowMicros();
                });
    }

    private static long seconds(long micros) {
        return Math.ceilDiv(micros, 1_000_000);
    }
}
