package io.waybill.gateway.limits;

import io.waybill.gateway.RunningGateway;
import io.waybill.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import reactor.core.scheduler.Schedulers;

/** Several gateways on one Redis, and many callers at all of them. */
final class Gateways implements AutoCloseable {

    private static final int CALLERS_OF_EACH = 8;

    private final List<RunningGateway> gateways;

    Gateways(int count, TestRedis redis, String... settings) {
        var arguments = Stream.concat(arguments(redis), Arrays.stream(settings)).toArray(String[]::new);
        this.gateways = IntStream.range(0, count)
                .mapToObj(number -> new RunningGateway(arguments))
                .toList();
    }

    static Stream<String> arguments(TestRedis redis) {
        return redis.springProperties().entrySet().stream()
                .filter(property -> !property.getValue().isEmpty())
                .map(property -> "--" + property.getKey() + "=" + property.getValue());
    }

    RunningGateway get(int number) {
        return gateways.get(number);
    }

    /** What all limiters decided while they were asked without a pause. */
    List<Decision> askFor(Duration duration, String policy, String subject) {
        return callAll(
                duration,
                gateways.stream()
                        .map(gateway -> {
                            var limiter = gateway.bean(Limiter.class);
                            var asked = policy(gateway, policy);
                            return (Supplier<Decision>) () -> limiter.decide(asked, subject, Schedulers.parallel())
                                    .block();
                        })
                        .toList());
    }

    <T> List<T> callAll(Duration duration, List<Supplier<T>> calls) {
        var end = System.nanoTime() + duration.toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var callers = new ArrayList<Future<List<T>>>();
            for (var call : calls) {
                for (var i = 0; i < CALLERS_OF_EACH; i++) {
                    callers.add(threads.submit(() -> {
                        var answers = new ArrayList<T>();
                        while (System.nanoTime() < end) {
                            answers.add(call.get());
                        }
                        return answers;
                    }));
                }
            }
            var all = new ArrayList<T>();
            for (var caller : callers) {
                all.addAll(caller.get());
            }
            return all;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    static Policy policy(RunningGateway gateway, String name) {
        return gateway.bean(LimitSettings.class).toPolicies().stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static String[] settings(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> "--waybill.gateway.limits." + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
    }

    @Override
    public void close() {
        gateways.forEach(RunningGateway::close);
    }
}
