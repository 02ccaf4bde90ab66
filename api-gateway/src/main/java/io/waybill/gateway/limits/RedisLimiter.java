package io.waybill.gateway.limits;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.codec.Base16;
import io.waybill.gateway.limits.Policy.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Counts for all gateways together: one script per decision, on Redis' own clock. */
@Component
final class RedisLimiter {

    private static final Script TOKEN_BUCKET = Script.in("token-bucket.lua");

    private static final Script SLIDING_WINDOW = Script.in("sliding-window.lua");

    private final RedisLink redis;
    private final String keyPrefix;

    RedisLimiter(RedisLink redis, LimitSettings settings) {
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

    private Mono<Decision> run(Script script, String key, int quota, long micros) {
        String[] keys = {key};
        String[] arguments = {Integer.toString(quota), Long.toString(micros)};
        return Mono.fromFuture(() -> redis.commands()
                        .<List<Object>>evalsha(script.sha(), ScriptOutputType.MULTI, keys, arguments)
                        .toCompletableFuture())
                // A Redis that has been started anew does not know it.
                .onErrorResume(
                        RedisNoScriptException.class,
                        unknown -> Mono.fromFuture(() -> redis.commands()
                                .<List<Object>>eval(script.text(), ScriptOutputType.MULTI, keys, arguments)
                                .toCompletableFuture()))
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

    private record Script(String text, String sha) {

        static Script in(String file) {
            try (var in = RedisLimiter.class.getResourceAsStream(file)) {
                var text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
                return new Script(text, Base16.digest(text.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
