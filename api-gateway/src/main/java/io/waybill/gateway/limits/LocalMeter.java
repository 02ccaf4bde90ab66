package io.waybill.gateway.limits;

import io.waybill.gateway.limits.Policy.Rule;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** What one client was granted under one policy; decides by the same rules as the scripts in Redis. */
abstract sealed class LocalMeter {

    final Policy policy;

    private LocalMeter(Policy policy) {
        this.policy = policy;
    }

    static LocalMeter of(Policy policy) {
        return switch (policy.rule()) {
            case Rule.TokenBucket bucket -> new Bucket(policy, bucket.intervalMicros());
            case Rule.SlidingWindow window -> new Window(policy, window.windowMicros());
        };
    }

    final Duration memory() {
        return policy.memory();
    }

    final synchronized Decision decide(long now) {
        var granted = isFree(now);
        if (granted) {
            take(now);
        }
        return new Decision(granted, left(now), waitForNext(now), now, Decision.By.GATEWAY);
    }

    final synchronized void grant(long now) {
        take(now);
    }

    abstract boolean isFree(long now);

    abstract void take(long now);

    abstract long left(long now);

    abstract long waitForNext(long now);

    private static final class Bucket extends LocalMeter {

        private final long interval;
        private final long full;
        private long missing;
        private long asOf;

        Bucket(Policy policy, long interval) {
            super(policy);
            this.interval = interval;
            this.full = interval * policy.quota();
        }

        @Override
        boolean isFree(long now) {
            return missing(now) + interval <= full;
        }

        @Override
        void take(long now) {
            missing = Math.min(full, missing(now) + interval);
            asOf = now;
        }

        @Override
        long left(long now) {
            return (full - missing(now)) / interval;
        }

        @Override
        long waitForNext(long now) {
            return missing(now) + (left(now) + 1) * interval - full;
        }

        private long missing(long now) {
            return Math.max(0, missing - (now - asOf));
        }
    }

    private static final class Window extends LocalMeter {

        private final long length;
        private final Deque<Long> log = new ArrayDeque<>();

        Window(Policy policy, long length) {
            super(policy);
            this.length = length;
        }

        @Override
        boolean isFree(long now) {
            forget(now);
            return log.size() < policy.quota();
        }

        @Override
        void take(long now) {
            forget(now);
            // More than the quota need not be remembered: these alone fill the window.
            if (log.size() == policy.quota()) {
                log.removeFirst();
            }
            log.addLast(now);
        }

        @Override
        long left(long now) {
            return policy.quota() - (long) log.size();
        }

        @Override
        long waitForNext(long now) {
            return log.getFirst() + length + 1 - now;
        }

        private void forget(long now) {
            while (!log.isEmpty() && now - log.getFirst() > length) {
                log.removeFirst();
            }
        }
    }
}
