package io.waybill.gateway.limits;

import io.waybill.gateway.limits.Policy.Rule;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Counts for all gateways together: one script per decision, on Redis' own clock. */
@Component
final class RedisLimiter {

    @SuppressWarnings("rawtypes") // what the template can express
    private static final RedisScript<List> TOKEN_BUCKET = script("token-bucket.lua");

    @SuppressWarnings("rawtypes")
    private static final RedisScript<List> SLIDING_WINDOW = script("sliding-window.lua");

    private final ReactiveStringRedisTemplate redis;
    private final String keyPrefix;

    RedisLimiter(ReactiveStringRedisTemplate redis, LimitSettings settings) {
        this.redis = redis;
        this.keyPrefix = settings.keyPrefix();
    }

    Mono<Decision> decide(Policy policy, String subject) {
        var key = keyPrefix + policy.name() + ":" + subject;
        return switch (policy.rule()) {
            case Rule.TokenBucket bucket -> run(TOKEN_BUCKET, key + ":bucket", policy.quota(), bucket.intervalMicros());
            case Rule.SlidingWindow window ->
                run(SLIDING_WINDOW, key + ":window", policy.quota(), window.windowMicros());
        };
    }

    @SuppressWarnings("rawtypes")
    private Mono<Decision> run(RedisScript<List> script, String key, int quota, long micros) {
        return redis.execute(script, List.of(key), List.of(Integer.toString(quota), Long.toString(micros)))
                .next()
                .map(answer -> new Decision(
                        number(answer, 0) == 1,
                        number(answer, 1),
                        number(answer, 2),
                        number(answer, 3),
                        Decision.By.REDIS));
    }

    private static long number(List<?> answer, int index) {
        return (Long) answer.get(index);
    }

    @SuppressWarnings("rawtypes")
    private static RedisScript<List> script(String file) {
        return RedisScript.of(new ClassPathResource(file, RedisLimiter.class), List.class);
    }
}
