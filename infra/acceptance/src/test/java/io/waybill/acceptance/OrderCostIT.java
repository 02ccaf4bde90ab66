package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What an order costs the database and the broker, by their own counters, while as many orders come as a few customers
 * in a row can place. How long anything takes is not looked at; where fewer orders come at once each costs more,
 * because less is read at a time.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("standalone")
@Isolated("the fewer orders come at once, the more each costs")
class OrderCostIT {

    private static final List<String> CONTEXTS = List.of("order", "payment", "inventory", "shipping");
    private static final int CUSTOMERS = Integer.getInteger("waybill.cost.customers", 16);
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("waybill.cost.warm-up", 12));
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("waybill.cost.seconds", 12));
    private static final Duration IDLE = Duration.ofSeconds(Integer.getInteger("waybill.cost.idle", 10));

    private static final int MOST_STATEMENTS = 60;
    private static final int MOST_COMMITS = 25;

    /** How many of the dearest statements to print. */
    private static final int PRINTED = Integer.getInteger("waybill.cost.statements", 0);

    private static final String OF_CONTEXTS =
            "datname in ('waybill_order', 'waybill_payment', 'waybill_inventory', 'waybill_shipping')";

    private static Standalone waybill;
    private static Shop shop;
    private static Connection postgres;

    @BeforeAll
    static void start() throws IOException, SQLException {
        var limits = Stream.of("ordering", "administration", "reading", "other")
                .flatMap(policy -> Stream.of("quota=1000000", "refill=100000")
                        .map(setting -> "waybill.gateway.limits.policies.%s.%s".formatted(policy, setting)))
                .toList();
        waybill = Standalone.inFreshFolder("cost", limits);
        waybill.start();
        shop = Shop.at(waybill);
        Path server = waybill.data().resolve("postgresql");
        String port = Files.readAllLines(server.resolve("data/postmaster.pid")).get(3);
        postgres = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                "postgres",
                Files.readString(server.resolve("superuser-password")).strip());
        execute("create extension if not exists pg_stat_statements");
    }

    @AfterAll
    static void stop() throws SQLException {
        postgres.close();
        waybill.close();
    }

    @Test
    void an_order_costs_few_statements_and_commits_and_rest_costs_next_to_nothing() throws Exception {
        Product product = shop.sells(100_000);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger confirmed = new AtomicInteger();
        Callable<Integer> customer = () -> {
            int own = 0;
            while (!over.get()) {
                Answer answer = shop.asks(Purchase.of(product, 1), "Prefer", "wait=25");
                assertThat(answer.orFail().text("status")).isEqualTo("CONFIRMED");
                own = confirmed.incrementAndGet();
            }
            return own;
        };
        var deeds = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < CUSTOMERS; i++) {
            deeds.add(customer);
        }
        var perOrder = new ArrayList<Cost>();
        deeds.add(() -> {
            try {
                TimeUnit.NANOSECONDS.sleep(WARM_UP.toNanos());
                execute("select pg_stat_statements_reset()");
                int before = confirmed.get();
                Cost begin = Cost.now();
                TimeUnit.NANOSECONDS.sleep(MEASURED.toNanos());
                int orders = confirmed.get() - before;
                perOrder.add(Cost.now().since(begin).by(orders));
                System.out.printf(
                        "An order, of %d in %d s from %d customers: %s%n",
                        orders, MEASURED.toSeconds(), CUSTOMERS, perOrder.get(0));
                print(orders);
                return orders;
            } finally {
                over.set(true);
            }
        });
        Shop.atOnce(deeds);

        within(Duration.ofSeconds(30), "rest").until(() -> {
            double soFar = statements("");
            TimeUnit.SECONDS.sleep(1);
            return statements("") - soFar < 40;
        });
        Map<String, Double> before = perContext();
        TimeUnit.NANOSECONDS.sleep(IDLE.toNanos());
        Map<String, Double> atRest = perContext();
        atRest.replaceAll((context, statements) -> (statements - before.get(context)) / IDLE.toSeconds());
        System.out.println("Statements per second at rest: " + atRest);

        Cost cost = perOrder.get(0);
        assertThat(cost.statements()).isLessThanOrEqualTo(MOST_STATEMENTS);
        assertThat(cost.commits()).isLessThanOrEqualTo(MOST_COMMITS);
        assertThat(atRest)
                .allSatisfy((context, statements) -> assertThat(statements)
                        .as("statements per second of %s at rest", context)
                        .isLessThanOrEqualTo(5));
    }

    /** Of all contexts; of the gateway only the messages and the processor time, which is that of the whole process. */
    private record Cost(
            double statements, double transactionWords, double commits, double messages, double cpuSeconds) {

        static Cost now() throws SQLException {
            return new Cost(
                    OrderCostIT.statements("and query !~* '^(begin|commit|rollback)'"),
                    OrderCostIT.statements("and query ~* '^(begin|commit|rollback)'"),
                    number("select sum(xact_commit) from pg_stat_database where " + OF_CONTEXTS),
                    CONTEXTS.stream()
                            .mapToDouble(context -> Meters.at(waybill.context(context + "-management")
                                            .orElseThrow())
                                    .sum("rabbitmq_published_total"))
                            .sum(),
                    ProcessHandle.of(waybill.pid())
                                    .flatMap(process -> process.info().totalCpuDuration())
                                    .orElseThrow()
                                    .toNanos()
                            / 1e9);
        }

        Cost since(Cost before) {
            return new Cost(
                    statements - before.statements,
                    transactionWords - before.transactionWords,
                    commits - before.commits,
                    messages - before.messages,
                    cpuSeconds - before.cpuSeconds);
        }

        Cost by(long number) {
            double parts = number;
            return new Cost(
                    statements / parts,
                    transactionWords / parts,
                    commits / parts,
                    messages / parts,
                    cpuSeconds / parts);
        }

        @Override
        public String toString() {
            return "%.1f statements, %.1f of BEGIN and COMMIT, %.1f commits, %.1f messages, %.3f s of processor time in Java"
                    .formatted(statements, transactionWords, commits, messages, cpuSeconds);
        }
    }

    private static Map<String, Double> perContext() throws SQLException {
        var each = new TreeMap<String, Double>();
        for (String context : CONTEXTS) {
            each.put(context, statements("and datname = 'waybill_" + context + "'"));
        }
        return each;
    }

    private static double statements(String which) throws SQLException {
        return number("select coalesce(sum(calls), 0) from pg_stat_statements join pg_database d on d.oid = dbid where "
                + OF_CONTEXTS + " " + which);
    }

    private static void print(int orders) throws SQLException {
        try (var statement = postgres.createStatement();
                var rows = statement.executeQuery(
                        "select datname, calls, regexp_replace(query, '\\s+', ' ', 'g') as query from"
                                + " pg_stat_statements join pg_database d on d.oid = dbid where " + OF_CONTEXTS
                                + " order by calls desc limit " + PRINTED)) {
            while (rows.next()) {
                String query = rows.getString("query");
                System.out.printf(
                        "  %6.2f %-18s %s%n",
                        rows.getDouble("calls") / orders,
                        rows.getString("datname"),
                        query.substring(0, Math.min(query.length(), 160)));
            }
        }
    }

    private static double number(String query) throws SQLException {
        try (var statement = postgres.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getDouble(1);
        }
    }

    private static void execute(String command) throws SQLException {
        try (var statement = postgres.createStatement()) {
            statement.execute(command);
        }
    }
}
