package io.waybill.gateway.cache;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.core.ReactiveRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.data.redis.serializer.RedisElementReader;
import org.springframework.data.redis.serializer.RedisElementWriter;
import org.springframework.data.redis.serializer.RedisSerializer;
import reactor.core.publisher.Mono;

/**
 * Answers in Redis 6.2 or newer. Below the prefix stand
 *
 * <ul>
 *   <li>{@code answer:<target>}, a hash of the target's variants, which goes when the last of them is of no more use;
 *   <li>{@code targets}, the keys of all answers by the time at which they were stored, so that there are never too
 *       many;
 *   <li>{@code generation:<target>}, written by an invalidation, so that answers on their way are refused;
 *   <li>{@code outdated:<tag>}, the position of the newest event that outdated a tag;
 *   <li>{@code lock:<target>}, the instance that is fetching.
 * </ul>
 */
final class RedisAnswerStore implements AnswerStore {

    private static final int LONGEST_READABLE_TARGET = 200;

    /** Longer than any answer is on its way. */
    private static final Duration GENERATION_KEPT = Duration.ofMinutes(2);

    private static final RedisScript<String> STORE = RedisScript.of("""
        if (redis.call('GET', KEYS[2]) or '') ~= ARGV[1] then
          return 'OUTRUN'
        end
        for i = 4, #KEYS do
          local event = redis.call('GET', KEYS[i])
          if event and ARGV[6] < event then
            return 'OUTDATED'
          end
        end
        if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0
            and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[5]) then
          redis.call('DEL', KEYS[1])
        end
        local left = redis.call('PTTL', KEYS[1])
        redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
        if left < tonumber(ARGV[4]) then
          redis.call('PEXPIRE', KEYS[1], ARGV[4])
        end
        local time = redis.call('TIME')
        redis.call('ZADD', KEYS[3], time[1] * 1000000 + time[2], KEYS[1])
        redis.call('PEXPIRE', KEYS[3], ARGV[8])
        local tooMany = redis.call('ZCARD', KEYS[3]) - ARGV[7]
        if tooMany > 0 then
          for _, key in ipairs(redis.call('ZRANGE', KEYS[3], 0, tooMany - 1)) do
            redis.call('DEL', key)
            redis.call('ZREM', KEYS[3], key)
          end
        end
        return 'STORED'
        """, String.class);

    private static final RedisScript<String> INVALIDATE = RedisScript.of("""
        for i = 1, #KEYS, 2 do
          redis.call('DEL', KEYS[i])
          redis.call('SET', KEYS[i + 1], ARGV[1], 'PX', ARGV[2])
        end
        return 'OK'
        """, String.class);

    private static final RedisScript<String> OUTDATE = RedisScript.of("""
        for i = 1, #KEYS do
          local known = redis.call('GET', KEYS[i])
          if not known or known < ARGV[1] then
            redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
          end
        end
        return 'OK'
        """, String.class);

    private static final RedisScript<String> UNLOCK = RedisScript.of("""
        if redis.call('GET', KEYS[1]) == ARGV[1] then
          redis.call('DEL', KEYS[1])
        end
        return 'OK'
        """, String.class);

    private final ReactiveRedisTemplate<String, byte[]> redis;
    private final RedisLink link;
    private final CacheSettings settings;
    private final InstantSource clock;
    private final MeterRegistry meters;

    /** What was stored before may be what an invalidation that did not reach Redis would have removed. */
    private volatile Instant distrustedUntil = Instant.MIN;

    RedisAnswerStore(
            ReactiveRedisTemplate<String, byte[]> redis,
            RedisLink link,
            CacheSettings settings,
            InstantSource clock,
            MeterRegistry meters) {
        this.redis = redis;
        this.link = link;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    public Mono<Found> find(String target, Set<String> tags) {
        var singles = new ArrayList<String>();
        singles.add(key("generation:", target));
        tags.forEach(tag -> singles.add(key("outdated:", tag)));
        return link.call(() -> Mono.zip(
                        redis.<String, byte[]>opsForHash()
                                .values(key("answer:", target))
                                .mapNotNull(AnswerCodec::decode)
                                .collectList(),
                        redis.opsForValue().multiGet(singles),
                        this::found))
                .onErrorReturn(Found.UNAVAILABLE);
    }

    private Found found(List<StoredAnswer> variants, List<byte @Nullable []> singles) {
        var texts = singles.stream().map(RedisAnswerStore::text).toList();
        var outdatedBelow = texts.stream()
                .skip(1)
                .filter(position -> !position.isEmpty())
                .map(Position::new)
                .max(Position::compareTo)
                .orElse(null);
        var limit = distrustedUntil;
        var trusted = variants.stream()
                .filter(stored -> stored.requestedAt().isAfter(limit))
                .toList();
        return new Found(trusted, texts.getFirst(), outdatedBelow, true);
    }

    @Override
    public Mono<Outcome> store(String target, Set<String> tags, String generation, StoredAnswer answer, Duration kept) {
        var keys = new ArrayList<String>();
        keys.add(key("answer:", target));
        keys.add(key("generation:", target));
        keys.add(settings.keyPrefix() + "targets");
        tags.forEach(tag -> keys.add(key("outdated:", tag)));
        var position = answer.position();
        var arguments = List.of(
                bytes(generation),
                bytes(hash(Vary.id(answer.vary().fields()))),
                AnswerCodec.encode(answer),
                bytes(Long.toString(Math.max(1, kept.toMillis()))),
                bytes(Integer.toString(settings.maxVariants())),
                bytes(position == null ? "" : position.sortable()),
                bytes(Integer.toString(settings.maxTargets())),
                bytes(millis(settings.maxKept())));
        return link.call(() -> run(STORE, keys, arguments))
                .map(Outcome::valueOf)
                .onErrorReturn(Outcome.FAILED)
                .doOnNext(outcome -> meters.counter(
                                "waybill.cache.stores",
                                "outcome",
                                outcome.name().toLowerCase(Locale.ROOT))
                        .increment());
    }

    @Override
    public Mono<Void> invalidate(Set<String> targets) {
        var keys = targets.stream()
                .flatMap(target -> List.of(key("answer:", target), key("generation:", target)).stream())
                .toList();
        return link.call(() -> run(
                        INVALIDATE, keys, List.of(bytes(UUID.randomUUID().toString()), bytes(millis(GENERATION_KEPT)))))
                .doOnError(error -> distrustedUntil = clock.instant())
                .onErrorComplete()
                .then();
    }

    @Override
    public Mono<Void> outdate(Set<String> tags, Position event) {
        var keys = tags.stream().map(tag -> key("outdated:", tag)).toList();
        return link.call(() ->
                        run(OUTDATE, keys, List.of(bytes(event.sortable()), bytes(millis(settings.outdatedKept())))))
                .then();
    }

    @Override
    public Mono<Boolean> lock(String target, String owner, Duration longest) {
        return link.call(() -> redis.opsForValue().setIfAbsent(key("lock:", target), bytes(owner), longest))
                .onErrorReturn(true);
    }

    @Override
    public Mono<Void> unlock(String target, String owner) {
        return link.call(() -> run(UNLOCK, List.of(key("lock:", target)), List.of(bytes(owner))))
                // Where this fails the lock goes by itself soon.
                .onErrorComplete()
                .then();
    }

    private Mono<String> run(RedisScript<String> script, List<String> keys, List<byte[]> arguments) {
        return redis.execute(
                        script,
                        keys,
                        arguments,
                        RedisElementWriter.from(RedisSerializer.byteArray()),
                        RedisElementReader.from(RedisSerializer.string()))
                .next();
    }

    private String key(String kind, String name) {
        return settings.keyPrefix() + kind + (name.length() <= LONGEST_READABLE_TARGET ? name : hash(name));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(Objects.requireNonNull(bytes), StandardCharsets.UTF_8);
    }
}
