package io.waybill.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What tracing costs: orders from their POST to CONFIRMED, in systems that differ in nothing but their traces, in
 * turns, several rounds, and of all rounds the median. No test of the ordinary build; {@code infra/docs/performance.md}
 * has the command.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TracingBenchmark {

    private static final int ROUNDS = Integer.getInteger("waybill.benchmark.rounds", 9);
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("waybill.benchmark.seconds", 8));
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("waybill.benchmark.warm-up", 40));

    /** Off where a run is too short, or its machine too busy, to judge by. */
    private static final boolean JUDGED = Boolean.parseBoolean(System.getProperty("waybill.benchmark.judged", "true"));

    /** As many as keep two processors busy. */
    private static final int CUSTOMERS = 16;

    private static final String UNTRACED = "without traces";
    private static final String TENTH = "a tenth of orders traced";
    private static final String WHOLE = "every order traced";
    private static final String DEAD = "every order traced, collector dead";

    private static final Map<String, Traced> SYSTEMS = new LinkedHashMap<>();
    private static HttpServer collector;

    /** One system and what it sells. */
    private record Traced(Standalone process, Shop shop, Product product) {}

    @BeforeAll
    static void start() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", TracingBenchmark::swallow);
        collector.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        collector.start();
        URI there = URI.create(
                "http://127.0.0.1:%d/v1/traces".formatted(collector.getAddress().getPort()));
        URI nobody = URI.create("http://127.0.0.1:%d/v1/traces".formatted(ChildJvm.freePort()));
        open(UNTRACED, List.of());
        open(TENTH, traced("0.1", there));
        open(WHOLE, traced("1.0", there));
        open(DEAD, traced("1.0", nobody));
    }

    /** What is sent is read, as by any collector, and forgotten. */
    private static void swallow(HttpExchange exchange) throws IOException {
        try (exchange;
                var body = exchange.getRequestBody()) {
            body.transferTo(OutputStream.nullOutputStream());
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static List<String> traced(String part, URI endpoint) {
        return List.of(
                "management.otlp.tracing.endpoint=" + endpoint, "management.tracing.sampling.probability=" + part);
    }

    private static void open(String name, List<String> tracing) {
        var settings = new ArrayList<>(tracing);
        Stream.of("ordering", "administration", "reading", "other")
                .flatMap(policy -> Stream.of("quota=1000000", "refill=100000")
                        .map(setting -> "waybill.gateway.limits.policies.%s.%s".formatted(policy, setting)))
                .forEach(settings::add);
        Standalone process = Standalone.inFreshFolder("benchmark-" + SYSTEMS.size(), settings);
        process.start();
        Shop shop = Shop.at(process);
        SYSTEMS.put(name, new Traced(process, shop, shop.sells(100_000)));
    }

    @AfterAll
    static void stop() {
        SYSTEMS.values().forEach(system -> system.process().close());
        collector.stop(0);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void tracing_costs_little() {
        SYSTEMS.values().forEach(system -> ordersPerSecond(system, WARM_UP));
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            SYSTEMS.forEach((name, system) ->
                    rates.computeIfAbsent(name, key -> new ArrayList<>()).add(ordersPerSecond(system, MEASURED)));
        }
        System.out.printf("Orders to CONFIRMED: %d rounds of %d s%n", ROUNDS, MEASURED.toSeconds());
        Map<String, Double> parts = new LinkedHashMap<>();
        rates.forEach((name, measured) -> {
            double part = median(ratios(measured, rates.get(UNTRACED)));
            parts.put(name, part);
            System.out.printf("  %-36s %6.1f orders/s (x %.2f)%n", name, median(measured), part);
        });
        if (JUDGED) {
            assertThat(parts.get(TENTH)).as(TENTH).isGreaterThanOrEqualTo(0.95);
            assertThat(parts.get(WHOLE)).as(WHOLE).isGreaterThanOrEqualTo(0.85);
            assertThat(parts.get(DEAD) / parts.get(WHOLE)).as(DEAD).isGreaterThanOrEqualTo(0.95);
        }
    }

    /** Each customer places the next order as soon as the last one is confirmed; every one of them must be. */
    private static double ordersPerSecond(Traced system, Duration time) {
        long begin = System.nanoTime();
        Callable<Integer> customer = () -> {
            int confirmed = 0;
            while (System.nanoTime() - begin < time.toNanos()) {
                Answer answer = system.shop().asks(Purchase.of(system.product(), 1), "Prefer", "wait=25");
                assertThat(answer.orFail().text("status")).isEqualTo("CONFIRMED");
                confirmed++;
            }
            return confirmed;
        };
        int orders = Shop.atOnce(Collections.nCopies(CUSTOMERS, customer)).stream()
                .mapToInt(Integer::intValue)
                .sum();
        return orders / ((System.nanoTime() - begin) / 1e9);
    }

    private static List<Double> ratios(List<Double> measured, List<Double> base) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < measured.size(); round++) {
            ratios.add(measured.get(round) / base.get(round));
        }
        return ratios;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
