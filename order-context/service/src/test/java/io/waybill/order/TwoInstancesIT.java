package io.waybill.order;

import static io.waybill.order.OrderFixtures.MUG;
import static io.waybill.order.OrderFixtures.STOVE;
import static io.waybill.order.OrderFixtures.TWO_MUGS_AND_A_STOVE;
import static io.waybill.order.OrderFixtures.euros;
import static io.waybill.order.OrderFixtures.paymentCompleted;
import static io.waybill.order.OrderFixtures.shipmentCreated;
import static io.waybill.order.OrderFixtures.stockReserved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.inventory.api.ProductListed;
import io.waybill.kernel.Event;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.WaybillJson;
import io.waybill.testing.Answer;
import io.waybill.testing.ApiClient;
import io.waybill.testing.ContextProcess;
import io.waybill.testing.Deployment;
import io.waybill.testing.Heard;
import io.waybill.testing.LiveListener;
import io.waybill.testing.Neighbours;
import io.waybill.testing.RunningContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Two instances on one database and one broker, of one host name. The first, a process of its own, came first and
 * handles the events; its clock is hours fast. The second is asked by the customers.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TwoInstancesIT {

    private static final Pattern ORDER_ID = Pattern.compile("\"orderId\":\"([^\"]+)\"");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String WRONG_CLOCK = "--waybill.test.clock-is-wrong-by=5h";
    private static final String SESSIONS = "spring.datasource.hikari.data-source-properties.ApplicationName=";
    private static final String FIRST = "first";

    @TempDir
    private Path data;

    private final Deployment deployment = Deployment.fresh("order");
    private final JdbcClient jdbc = JdbcClient.create(deployment.database().dataSource());
    private final Queue<Heard> asked = new ConcurrentLinkedQueue<>();

    private ContextProcess first;
    private RunningContext second;
    private Neighbours neighbours;

    @BeforeEach
    void open() {
        first = deployment.startProcess(
                OrderProcess.class,
                Stream.concat(Stream.of(settings()), Stream.of(WRONG_CLOCK, "--" + SESSIONS + FIRST))
                        .toArray(String[]::new));
        await().atMost(SOON.multipliedBy(2))
                .ignoreExceptionsMatching(BadSqlGrammarException.class::isInstance)
                .untilAsserted(() -> assertThat(owners()).hasSize(1).doesNotContain("nobody"));
        second = deployment.start(OrderApplication::start, settings());
        neighbours = deployment.neighbours(WaybillJson.mapper());
        neighbours.tell("inventory", new ProductListed(MUG, "Enamel mug", euros("12.50")));
        neighbours.tell("inventory", new ProductListed(STOVE, "Gas stove", euros("49.00")));
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(count("select count(*) from price_list")).isEqualTo(2));
    }

    @AfterEach
    void close() {
        neighbours.close();
        second.close();
        first.close();
    }

    @Test
    void who_waits_or_listens_at_one_instance_is_told_what_the_other_handles() throws Exception {
        List<String> owners = owners();
        neighboursAnswer();

        Answer answer = customer().post("/api/orders", TWO_MUGS_AND_A_STOVE, "Prefer", "wait=30");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text("/status")).isEqualTo("CONFIRMED");
        OrderId order = placed(answer);
        try (LiveListener listener = new LiveListener(
                second.api().uri("/api/orders/" + order + "/updates"), OrderFixtures.asCustomer(), null)) {
            listener.hears("waybill.order.OrderPlaced.v1");
            listener.hears("waybill.payment.PaymentCompleted.v1");
            listener.hears("waybill.inventory.StockReserved.v1");
            listener.hears("waybill.shipping.ShipmentCreated.v1");
            listener.hears("waybill.order.OrderConfirmed.v1");
            neighbours.tell("shipping", OrderFixtures.shipmentDispatched(order));
            listener.hears("waybill.shipping.ShipmentDispatched.v1");
            listener.hears("waybill.order.OrderDispatched.v1");
        }
        assertThat(owners()).isEqualTo(owners);
        assertThat(first.isAlive()).isTrue();
        // It did take its wrong clock for the right one.
        assertThat(count("select count(*) from event_stream where type like '%OrderConfirmed'"
                        + " and occurred_at > now() + interval '4 hours'"))
                .isEqualTo(1);
    }

    @Test
    void each_step_of_each_order_is_asked_for_by_one_of_them() {
        neighboursAnswer();

        List<OrderId> orders = buy(20);

        areConfirmed(orders);
        Map<String, Long> timesAsked = asked.stream()
                .collect(Collectors.groupingBy(
                        command -> command.name() + " " + orderOf(command), Collectors.counting()));
        assertThat(timesAsked)
                .hasSize(3 * orders.size())
                .allSatisfy((command, times) -> assertThat(times).isEqualTo(1));
    }

    @Test
    void what_a_killed_instance_began_the_other_ends() {
        List<String> killed = owners();
        List<OrderId> before = buy(10);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(count("select count(*) from saga")).isPositive());

        first.kill();
        List<OrderId> after = buy(10);
        neighboursAnswer();

        areConfirmed(before);
        areConfirmed(after);
        assertThat(owners()).hasSize(1).doesNotContain("nobody").doesNotContainAnyElementsOf(killed);
    }

    /** As a machine that hangs: nobody hears from it, and its transaction holds all that it has locked. */
    @Test
    void what_was_begun_by_an_instance_that_freezes_within_a_transaction_the_other_ends_and_it_changes_nothing_later()
            throws Exception {
        List<String> frozen = owners();
        neighboursAnswer();
        List<OrderId> orders = buyUntilItFreezes();
        long begin = System.nanoTime();
        orders.addAll(buy(10));

        areConfirmed(orders);
        System.out.printf(
                "%d orders were confirmed %d ms after an instance froze within a transaction%n",
                orders.size(), (System.nanoTime() - begin) / 1_000_000);
        List<String> others = owners();
        assertThat(others).hasSize(1).doesNotContain("nobody").doesNotContainAnyElementsOf(frozen);
        first.thaw();
        await().atMost(SOON).until(() -> first.output().contains("is no longer owned by this process"));

        areConfirmed(buy(10));
        areConfirmed(orders);
        assertThat(owners()).isEqualTo(others);
        assertThat(count("select count(*) from parked_event")).isZero();
        assertThat(count("select count(*) from parked_message")).isZero();
    }

    private List<OrderId> buyUntilItFreezes() throws Exception {
        AtomicBoolean frozen = new AtomicBoolean();
        try (ExecutorService customers = Executors.newSingleThreadExecutor()) {
            Future<List<OrderId>> buying = customers.submit(() -> {
                List<OrderId> bought = new ArrayList<>();
                while (!frozen.get()) {
                    bought.addAll(buy(1));
                }
                return bought;
            });
            try {
                await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(this::freezesWithinTransaction);
            } finally {
                frozen.set(true);
            }
            return buying.get(1, TimeUnit.MINUTES);
        }
    }

    /** Freezes the first instance, unless it does not write anything just now. */
    private boolean freezesWithinTransaction() {
        first.freeze();
        boolean within = jdbc.sql("""
            select exists (select from pg_stat_activity
                            where datname = current_database() and application_name = ?
                              and state = 'idle in transaction' and backend_xid is not null)\
            """).param(FIRST).query(Boolean.class).single();
        if (!within) {
            first.thaw();
        }
        return within;
    }

    @Test
    void what_an_instance_began_that_is_stopped_the_next_ends() {
        first.kill();
        List<OrderId> orders = buy(10);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(count("select count(*) from saga")).isEqualTo(10));
        RunningContext third = deployment.start(OrderApplication::start, settings());

        second.close();
        second = third;
        neighboursAnswer();

        areConfirmed(orders);
    }

    /** The customer asks the second instance. */
    private ApiClient customer() {
        return second.api(OrderFixtures.asCustomer());
    }

    private String[] settings() {
        return new String[] {"--waybill.data-folder=" + data};
    }

    private void neighboursAnswer() {
        answer("payment", "ProcessPayment", order -> paymentCompleted(order));
        answer("inventory", "ReserveStock", order -> stockReserved(order));
        answer("shipping", "CreateShipment", order -> shipmentCreated(order));
    }

    private void answer(String neighbour, String command, Function<OrderId, Event> event) {
        neighbours.serve(neighbour, heard -> {
            asked.add(heard);
            if (heard.name().equals(command)) {
                neighbours.tell(neighbour, event.apply(orderOf(heard)));
            }
        });
    }

    private static OrderId orderOf(Heard command) {
        Matcher id = ORDER_ID.matcher(command.body());
        assertThat(id.find()).as(command.body()).isTrue();
        return OrderId.of(id.group(1));
    }

    private List<OrderId> buy(int times) {
        return IntStream.range(0, times)
                .mapToObj(i -> customer().post("/api/orders", TWO_MUGS_AND_A_STOVE))
                .map(TwoInstancesIT::placed)
                .toList();
    }

    private static OrderId placed(Answer answer) {
        return OrderId.of(answer.text("/orderId"));
    }

    private void areConfirmed(List<OrderId> orders) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(orders).allSatisfy(order -> {
                    assertThat(customer().get("/api/orders/" + order).text("/status"))
                            .isEqualTo("CONFIRMED");
                    assertThat(count("select count(*) from event_stream where type like '%OrderConfirmed' and subject ="
                                    + " '"
                                    + order + "'"))
                            .isEqualTo(1);
                }));
    }

    /** Who handles the events of the stream. */
    private List<String> owners() {
        return jdbc.sql("select distinct coalesce(owner, 'nobody') from processor_token order by 1")
                .query(String.class)
                .list();
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
