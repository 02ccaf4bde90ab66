package io.waybill.gateway.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.JWKSet;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.waybill.gateway.performance.Load.Answers;
import io.waybill.gateway.performance.Load.Clients;
import io.waybill.testing.TestServers;
import io.waybill.testing.TestTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the gateway costs, against something that is measured in the same run on the same machine: in turns, several
 * rounds, and of all rounds the median. No test of the ordinary build; {@code infra/docs/performance.md} has the
 * command.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PerformanceBenchmark {

    private static final int ROUNDS = Integer.getInteger("waybill.benchmark.rounds", 7);
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("waybill.benchmark.seconds", 5));
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("waybill.benchmark.warm-up", 20));

    /** Off where a run is too short, or its machine too busy, to judge by. */
    private static final boolean JUDGED = Boolean.parseBoolean(System.getProperty("waybill.benchmark.judged", "true"));

    private static final int CONNECTIONS = 32;

    /** With it, each kind of clients asks 160 times a second, which leaves the machine idle for most of the time. */
    private static final Duration PACE = Duration.ofMillis(200);

    private static final String PRODUCT = "/api/products/MUG-ENAMEL";
    private static final String ORDER = "/api/orders/ord_01a2042e-36c3-7d81-babe-7e024484c768";
    private static final String PAYMENT = "/api/payments/pay_01a2042e-36c3-7d81-babe-7e024484c768";
    private static final String SHIPMENT = "/api/shipments/shp_01a2042e-36c3-7d81-babe-7e024484c768";

    private static final String NAMESPACE = TestServers.freshNamespace("performance");

    private static final int PAYMENT_PORT = Program.freePort();
    private static final int CONTEXTS_PORT = Program.freePort();
    private static final int GATEWAY_PORT = Program.freePort();
    private static final int BARE_PORT = Program.freePort();

    private static Connection events;
    private static Program payment;
    private static Program contexts;
    private static Program gateway;
    private static Program bare;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException, TimeoutException {
        // Contexts declare it; until it is there, products are not kept.
        events = broker().newConnection();
        events.createChannel().exchangeDeclare(NAMESPACE + ".waybill.events", "topic", true);
        payment = startPayment();
        contexts =
                Program.start("contexts", StubContexts.class, CONTEXTS_PORT, List.of(Integer.toString(CONTEXTS_PORT)));
        bare = Program.start(
                "bare", BareProxy.class, BARE_PORT, List.of(Integer.toString(BARE_PORT), address(CONTEXTS_PORT)));
        gateway = Program.start("gateway", WholeGateway.class, GATEWAY_PORT, settings(folder));
    }

    @AfterAll
    static void stop() throws IOException {
        List.of(gateway, bare, contexts, payment).forEach(Program::close);
        events.createChannel().exchangeDelete(NAMESPACE + ".waybill.events");
        events.close();
    }

    private static ConnectionFactory broker() {
        var server = TestServers.broker();
        var factory = new ConnectionFactory();
        factory.setHost(server.host());
        factory.setPort(server.port());
        factory.setUsername(server.user());
        factory.setPassword(server.password());
        factory.setVirtualHost(server.virtualHost());
        return factory;
    }

    private static Program startPayment() {
        return Program.start("payment", StubContexts.class, PAYMENT_PORT, List.of(Integer.toString(PAYMENT_PORT)));
    }

    private static String address(int port) {
        return "http://127.0.0.1:" + port;
    }

    /** As it is shipped, but for where the servers are, and for limits, which still count but refuse nobody. */
    private static List<String> settings(Path folder) throws IOException {
        var keys = Files.writeString(folder.resolve("keys.json"), new JWKSet(TestTokens.key()).toString(false));
        var settings = new LinkedHashMap<String, String>();
        settings.put("server.port", Integer.toString(GATEWAY_PORT));
        settings.put("management.server.port", "0");
        settings.put("waybill.data-folder", folder.toString());
        settings.put("waybill.identity.key-file", keys.toString());
        for (var context : List.of("order", "inventory", "shipping")) {
            settings.put("waybill.gateway.contexts." + context, address(CONTEXTS_PORT));
        }
        settings.put("waybill.gateway.contexts.payment", address(PAYMENT_PORT));
        settings.put("waybill.gateway.limits.policies.reading.quota", "1000000");
        settings.put("waybill.gateway.limits.policies.reading.refill", "1000000");
        settings.put("waybill.gateway.limits.key-prefix", TestServers.freshNamespace("performance") + ":");
        // A machine that is busy is no reason to do without Redis.
        settings.put("waybill.gateway.limits.patience", "5s");
        settings.put("waybill.gateway.cache.redis-timeout", "5s");
        settings.put("waybill.gateway.cache.key-prefix", TestServers.freshNamespace("performance") + ":");
        settings.put("waybill.messaging.namespace", NAMESPACE);
        // The killed context is asked again more often than it would be, or the benchmark took minutes longer.
        settings.put("waybill.gateway.resilience.open-for", "2s");
        settings.putAll(TestServers.freshDatabase("performance").springProperties());
        settings.putAll(TestServers.redis().springProperties());
        settings.putAll(TestServers.broker().springProperties());
        return settings.entrySet().stream()
                .filter(setting -> !setting.getValue().isEmpty())
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toList();
    }

    @Test
    void a_cached_product_costs_at_most_twice_a_static_answer() {
        var rivals = new LinkedHashMap<String, Rival>();
        rivals.put("static answer", new Rival(gateway, anonymous(GATEWAY_PORT, WholeGateway.STATIC, " 200 ")));
        rivals.put("cached product", new Rival(gateway, anonymous(GATEWAY_PORT, PRODUCT, "hit; ttl=")));
        rivals.put("cached product, with a token", new Rival(gateway, customers(GATEWAY_PORT, PRODUCT, "hit; ttl=")));
        awaitAnswer(PRODUCT, "hit; ttl=");

        var medians = compete("Cached product", rivals);

        assertRedisDecided();
        if (JUDGED) {
            assertThat(medians.get("cached product").costs()).isLessThanOrEqualTo(2);
            assertThat(medians.get("cached product, with a token").costs()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void the_policy_takes_at_most_a_quarter_of_the_throughput() {
        var rivals = new LinkedHashMap<String, Rival>();
        rivals.put("bare proxy, order", new Rival(bare, customers(BARE_PORT, ORDER, " 200 ")));
        rivals.put("gateway, order", new Rival(gateway, customers(GATEWAY_PORT, ORDER, " 200 ")));
        rivals.put("gateway, cached product", new Rival(gateway, customers(GATEWAY_PORT, PRODUCT, "hit; ttl=")));
        awaitAnswer(PRODUCT, "hit; ttl=");

        var medians = compete("Whole policy", rivals);

        assertRedisDecided();
        if (JUDGED) {
            assertThat(medians.get("gateway, order").throughput()).isGreaterThanOrEqualTo(0.75);
        }
    }

    @Test
    void a_killed_context_slows_no_other_route() {
        var others = new LinkedHashMap<String, Clients>();
        others.put("order", paced(ORDER, " 200 "));
        others.put("shipment", paced(SHIPMENT, " 200 "));
        others.put("cached product", paced(PRODUCT, "hit; ttl="));
        awaitAnswer(PRODUCT, "hit; ttl=");
        beside(paced(PAYMENT, " 200 "), others, WARM_UP);
        payment.close();
        beside(paced(PAYMENT, " 503 "), others, WARM_UP);
        var up = new ArrayList<double[]>();
        var killed = new ArrayList<double[]>();
        for (int round = 0; round < ROUNDS; round++) {
            payment = startPayment();
            awaitAnswer(PAYMENT, " 200 ");
            // A process that has just started compiles itself, and the others wait for a processor meanwhile.
            beside(paced(PAYMENT, " 200 "), others, WARM_UP);
            up.add(beside(paced(PAYMENT, " 200 "), others, MEASURED));
            payment.close();
            killed.add(beside(paced(PAYMENT, " 503 "), others, MEASURED));
        }

        System.out.printf("%nOne context killed: %d rounds of %d s%n", ROUNDS, MEASURED.toSeconds());
        var names = new ArrayList<>(others.keySet());
        names.add("all of them");
        var ratio = 0.0;
        for (int i = 0; i < names.size(); i++) {
            var column = i;
            var before = middle(up.stream().mapToDouble(p99 -> p99[column]).toArray());
            var after = middle(killed.stream().mapToDouble(p99 -> p99[column]).toArray());
            ratio = after / before;
            System.out.printf(
                    "  %-30s p99 %6.2f ms with all up, %6.2f ms with payment killed (x %.2f)%n",
                    names.get(i), before / 1000, after / 1000, ratio);
        }
        assertRedisDecided();
        if (JUDGED) {
            assertThat(ratio).isLessThanOrEqualTo(1.2);
        }
    }

    /** The 99th percentiles of the others, and of all others together, while payments are asked for as often. */
    private static double[] beside(Clients payments, Map<String, Clients> others, Duration duration) {
        var all = new ArrayList<>(others.values());
        all.add(payments);
        var answers = Load.run(duration, all).subList(0, others.size());
        var together = new Answers(answers.stream().flatMapToLong(Answers::micros), duration);
        return Stream.concat(answers.stream(), Stream.of(together))
                .mapToDouble(one -> one.percentile(0.99))
                .toArray();
    }

    private static Clients paced(String path, String expected) {
        return customers(GATEWAY_PORT, path, expected).paced(PACE);
    }

    /** Several in a row: a breaker that lets a few tries through is not closed yet. */
    private static void awaitAnswer(String path, String expected) {
        var one = new Clients(
                GATEWAY_PORT, List.of(Load.get(path, TestTokens.customer("cus_0"))), expected, Duration.ZERO);
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> Load.run(Duration.ofMillis(500), one).count() > 5);
    }

    private static void assertRedisDecided() {
        assertThat(gateway.log()).doesNotContain("Redis does not answer");
    }

    private static Clients anonymous(int port, String path, String expected) {
        return new Clients(
                port,
                IntStream.range(0, CONNECTIONS)
                        .mapToObj(i -> Load.get(path, ""))
                        .toList(),
                expected,
                Duration.ZERO);
    }

    /** Each connection is another customer. */
    private static Clients customers(int port, String path, String expected) {
        return new Clients(
                port,
                IntStream.range(0, CONNECTIONS)
                        .mapToObj(i -> Load.get(path, TestTokens.customer("cus_" + i)))
                        .toList(),
                expected,
                Duration.ZERO);
    }

    private record Rival(Program server, Clients clients) {}

    /** Of one turn; or, against another of the same round, as ratios. */
    private record Turn(double throughput, double costs, double slowest) {

        Turn against(Turn other) {
            return new Turn(throughput / other.throughput, costs / other.costs, slowest / other.slowest);
        }

        static Turn median(List<Turn> turns) {
            return new Turn(
                    middle(turns.stream().mapToDouble(Turn::throughput).toArray()),
                    middle(turns.stream().mapToDouble(Turn::costs).toArray()),
                    middle(turns.stream().mapToDouble(Turn::slowest).toArray()));
        }
    }

    private static double middle(double... values) {
        Arrays.sort(values);
        var half = values.length / 2;
        return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }

    /** Lets all take turns; answers with the medians of their ratios to the first. */
    private static Map<String, Turn> compete(String title, Map<String, Rival> rivals) {
        rivals.values().forEach(rival -> Load.run(WARM_UP, rival.clients()));
        var turns = new LinkedHashMap<String, List<Turn>>();
        for (int round = 0; round < ROUNDS; round++) {
            rivals.forEach((name, rival) ->
                    turns.computeIfAbsent(name, key -> new ArrayList<>()).add(turn(rival)));
        }
        var first = turns.values().iterator().next();
        var medians = new LinkedHashMap<String, Turn>();
        System.out.printf("%n%s: %d rounds of %d s%n", title, ROUNDS, MEASURED.toSeconds());
        turns.forEach((name, all) -> {
            var median = Turn.median(all);
            var ratios = IntStream.range(0, ROUNDS)
                    .mapToObj(round -> all.get(round).against(first.get(round)))
                    .toList();
            var ratio = Turn.median(ratios);
            medians.put(name, ratio);
            System.out.printf(
                    "  %-30s %7.0f/s (x %.2f)  %6.1f us of processor each (x %.2f, %.2f to %.2f)  p99 %6.2f ms%n",
                    name,
                    median.throughput(),
                    ratio.throughput(),
                    median.costs(),
                    ratio.costs(),
                    ratios.stream().mapToDouble(Turn::costs).min().orElseThrow(),
                    ratios.stream().mapToDouble(Turn::costs).max().orElseThrow(),
                    median.slowest() / 1000);
        });
        return medians;
    }

    private static Turn turn(Rival rival) {
        var before = rival.server().cpu();
        var answers = Load.run(MEASURED, rival.clients());
        var used = rival.server().cpu().minus(before);
        return new Turn(answers.perSecond(), used.toNanos() / 1e3 / answers.count(), answers.percentile(0.99));
    }
}
