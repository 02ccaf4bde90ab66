package io.waybill.order;

import static io.waybill.order.OrderFixtures.MUG;
import static io.waybill.order.OrderFixtures.euros;
import static io.waybill.order.OrderFixtures.paymentCompleted;
import static io.waybill.order.OrderFixtures.shipmentCreated;
import static io.waybill.order.OrderFixtures.shipmentDispatched;
import static io.waybill.order.OrderFixtures.stockReserved;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.inventory.api.ProductListed;
import io.waybill.inventory.api.ReserveStock;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;
import io.waybill.messaging.stream.AppendLog.Appended;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.waiting.ConsistencyToken;
import io.waybill.messaging.waiting.ReadModelNews;
import io.waybill.payment.api.ProcessPayment;
import io.waybill.shipping.api.CreateShipment;
import io.waybill.shipping.api.ShipmentDelivered;
import io.waybill.testing.Answer;
import io.waybill.testing.LiveListener;
import io.waybill.testing.SilentClients;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Two instances on one database and one broker. The first was there first and handles all events; whoever asks the
 * second must not notice.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(90)
// What is held until the end of a block is not spoken to within it.
@SuppressWarnings("try")
class WaitingIT {

    private static final String A_MUG = """
        {"lines":[{"sku":"MUG-ENAMEL","quantity":1}],"paymentMethod":"pm_card_visa","shippingAddress":
         {"name":"Ada","street":"12 St James's Square","city":"London","postalCode":"SW1Y 4JH","country":"GB"}}\
        """;
    private static final String CONSISTENCY = ConsistencyToken.HEADER;
    private static final int FORGED = 900;

    /** Longer than any test: what is heard in time was told, not looked up. */
    private static final String NO_NET = "--waybill.waiting.reread=10m";

    @TempDir
    private static Path data;

    private static RunningOrders working;
    private static RunningOrders other;

    @BeforeAll
    static void open() {
        working = RunningOrders.start(data, NO_NET);
        working.hears("inventory", new ProductListed(MUG, "Enamel mug", euros("12.00")));
        await().untilAsserted(() ->
                assertThat(working.post("/api/orders", A_MUG).status()).isEqualTo(202));
        other = working.another(NO_NET, "--server.tomcat.threads.max=20", "--waybill.order.watching.heartbeat=2s");
    }

    @AfterAll
    static void close() {
        other.close();
        working.close();
    }

    private static OrderId buy(RunningOrders shop) {
        return OrderId.of(shop.post("/api/orders", A_MUG).text("/orderId"));
    }

    private static void isConfirmed(OrderId orderId) {
        working.isAsked("payment", ProcessPayment.class, orderId);
        working.hears("payment", paymentCompleted(orderId));
        working.isAsked("inventory", ReserveStock.class, orderId);
        working.hears("inventory", stockReserved(orderId));
        working.isAsked("shipping", CreateShipment.class, orderId);
        working.hears("shipping", shipmentCreated(orderId));
    }

    private static void isDelivered(OrderId orderId) {
        working.hears("shipping", shipmentDispatched(orderId));
        working.hears("shipping", new ShipmentDelivered(ShipmentId.forOrder(orderId), orderId));
    }

    private static OrderId newest() {
        return OrderId.of(working.get("/api/orders?limit=1").text("/items/0/orderId"));
    }

    /** The order that a request which is still waiting has placed. */
    private static OrderId placedAfter(OrderId before) {
        return await().until(WaitingIT::newest, newest -> !newest.equals(before));
    }

    @Nested
    class A_request_that_prefers_to_wait {

        @Test
        void is_answered_when_another_instance_has_projected_the_outcome() {
            OrderId before = newest();
            CompletableFuture<Answer> answer = other.postAsync("/api/orders", A_MUG, "Prefer", "wait=25");
            OrderId orderId = placedAfter(before);
            isConfirmed(orderId);

            assertThat(answer.orTimeout(5, TimeUnit.SECONDS).join().status()).isEqualTo(201);
            assertThat(answer.join().text("/status")).isEqualTo("CONFIRMED");
            assertThat(answer.join().header("waybill-consistency")).isNotEmpty();
        }

        @Test
        void is_answered_by_the_slow_look_when_the_message_is_lost() {
            try (RunningOrders deaf = working.another("--waybill.waiting.reread=1s")) {
                RabbitAdmin admin = new RabbitAdmin(deaf.bean(CachingConnectionFactory.class));
                updateBindings(deaf).forEach(admin::removeBinding);
                OrderId before = newest();
                CompletableFuture<Answer> answer = deaf.postAsync("/api/orders", A_MUG, "Prefer", "wait=25");
                isConfirmed(placedAfter(before));

                assertThat(answer.orTimeout(5, TimeUnit.SECONDS).join().status())
                        .isEqualTo(201);
            }
        }

        @Test
        void is_answered_after_the_broker_was_away() {
            other.bean(CachingConnectionFactory.class).resetConnection();
            hearsUpdates(other);
            OrderId before = newest();
            CompletableFuture<Answer> answer = other.postAsync("/api/orders", A_MUG, "Prefer", "wait=25");
            isConfirmed(placedAfter(before));

            assertThat(answer.orTimeout(5, TimeUnit.SECONDS).join().status()).isEqualTo(201);
        }

        /** Tells it of something until it hears that. */
        private void hearsUpdates(RunningOrders shop) {
            RabbitTemplate teller = new RabbitTemplate(working.bean(CachingConnectionFactory.class));
            AtomicBoolean heard = new AtomicBoolean();
            try (var listening =
                    shop.bean(ReadModelNews.class).listen("order.tracking", "ord_probe", () -> heard.set(true))) {
                await().atMost(Duration.ofSeconds(15)).until(() -> {
                    teller.send(
                            working.namespace() + ".waybill.updates",
                            "order",
                            new Message("probe\norder.tracking\nord_probe".getBytes(StandardCharsets.UTF_8)));
                    return heard.get();
                });
            }
        }

        private static Stream<Binding> updateBindings(RunningOrders shop) {
            return shop.bean(Declarables.class, "updateQueue").getDeclarablesByType(Binding.class).stream();
        }
    }

    @Nested
    class A_live_stream {

        @Test
        void is_resumed_at_another_instance_without_loss_or_repetition() {
            OrderId orderId = buy(working);
            String path = "/api/orders/" + orderId + "/updates";
            String last;
            try (LiveListener first = new LiveListener(working.uri(path), OrderFixtures.asCustomer(), null)) {
                assertThat(first.line()).startsWith("retry:");
                assertThat(first.next()).isEqualTo("OrderPlaced");
                last = first.lastId();
            }
            isConfirmed(orderId);
            try (LiveListener second = new LiveListener(other.uri(path), OrderFixtures.asCustomer(), last)) {
                assertThat(second.next(4))
                        .containsExactly("PaymentCompleted", "StockReserved", "ShipmentCreated", "OrderConfirmed");
                isDelivered(orderId);
                List<String> rest = new ArrayList<>();
                for (String name = second.next(); !name.isEmpty(); name = second.next()) {
                    rest.add(name);
                }
                assertThat(rest)
                        .containsSubsequence("ShipmentDispatched", "OrderDispatched")
                        .contains("ShipmentDelivered")
                        .endsWith("OrderDelivered")
                        .doesNotHaveDuplicates();
                last = second.lastId();
            }
            try (LiveListener third = new LiveListener(other.uri(path), OrderFixtures.asCustomer(), last)) {
                assertThat(third.status()).isEqualTo(204);
            }
        }

        @Test
        void that_has_ended_is_not_begun_again_before_the_end_is_projected() throws Exception {
            OrderId orderId = buy(working);
            String order = "/api/orders/" + orderId;
            isConfirmed(orderId);
            try (Held projection = new Held()) {
                isDelivered(orderId);
                await().untilAsserted(() -> assertThat(
                                other.get(order + "/history").body().toString())
                        .contains("OrderDelivered"));
                String last;
                try (LiveListener first =
                        new LiveListener(other.uri(order + "/updates"), OrderFixtures.asCustomer(), null)) {
                    assertThat(Stream.generate(first::next).takeWhile(name -> !name.isEmpty()))
                            .endsWith("OrderDelivered");
                    last = first.lastId();
                }
                assertThat(other.get(order).text("/status")).isNotEqualTo("DELIVERED");
                try (LiveListener second =
                        new LiveListener(other.uri(order + "/updates"), OrderFixtures.asCustomer(), last)) {
                    assertThat(second.status()).isEqualTo(204);
                }
            }
        }

        @Test
        void shows_that_it_is_there_while_nothing_happens() {
            OrderId orderId = buy(working);
            try (LiveListener listener = new LiveListener(
                    other.uri("/api/orders/" + orderId + "/updates"), OrderFixtures.asCustomer(), null)) {
                assertThat(listener.next()).isEqualTo("OrderPlaced");
                assertThat(Stream.generate(listener::line)
                                .filter(line -> line.startsWith(":"))
                                .findFirst())
                        .isPresent();
            }
        }

        @Test
        void ends_at_once_when_its_instance_stops() {
            OrderId orderId = buy(working);
            RunningOrders leaving = working.another();
            LiveListener listener = new LiveListener(
                    leaving.uri("/api/orders/" + orderId + "/updates"), OrderFixtures.asCustomer(), null);
            assertThat(listener.next()).isEqualTo("OrderPlaced");
            long begin = System.nanoTime();
            leaving.close();

            assertThat(listener.next()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Nested
    class A_query_with_a_token {

        @Test
        void waits_for_its_write_at_another_instance() throws Exception {
            OrderId orderId = buy(working);
            String path = "/api/orders/" + orderId;
            await().untilAsserted(
                            () -> assertThat(other.get(path).text("/status")).isEqualTo("PLACED"));
            CompletableFuture<Answer> seen;
            try (Held projection = new Held()) {
                Answer accepted = working.post(path + "/cancellation", "{\"reason\":\"changed my mind\"}");
                assertThat(accepted.status()).isEqualTo(202);
                assertThat(other.get(path).text("/status")).isEqualTo("PLACED");
                seen = other.getAsync(path, CONSISTENCY, accepted.header("waybill-consistency"));
                CompletableFuture<Answer> waiting = seen;
                await().during(Duration.ofMillis(500)).until(() -> !waiting.isDone());
            }
            assertThat(seen.join().status()).isEqualTo(200);
            assertThat(seen.join().text("/status")).isIn("CANCELLING", "CANCELLED");
        }

        @Test
        void is_refused_rather_than_answered_with_something_older() throws Exception {
            OrderId orderId = buy(working);
            await().untilAsserted(() -> assertThat(
                            working.get("/api/orders/" + orderId).text("/status"))
                    .isEqualTo("PLACED"));
            try (Held projection = new Held()) {
                Answer accepted =
                        working.post("/api/orders/" + orderId + "/cancellation", "{\"reason\":\"changed my mind\"}");
                Answer late = other.get("/api/orders", CONSISTENCY, accepted.header("waybill-consistency"));

                assertThat(late.status()).isEqualTo(503);
                assertThat(late.text("/code")).isEqualTo("READ_MODEL_BEHIND");
                assertThat(late.header("retry-after")).isEqualTo("1");
            }
        }

        @Test
        void sees_every_one_of_many_writes() {
            for (int i = 0; i < 30; i++) {
                Answer placed = (i % 2 == 0 ? working : other).post("/api/orders", A_MUG);
                Answer list = other.get("/api/orders?limit=1", CONSISTENCY, placed.header("waybill-consistency"));
                assertThat(list.status()).isEqualTo(200);
                assertThat(list.text("/items/0/orderId")).isEqualTo(placed.text("/orderId"));
            }
        }

        @Test
        void is_given_one_too_when_its_command_was_a_repetition() {
            Answer first = working.post("/api/orders", A_MUG, "Idempotency-Key", "waiting-1");
            Answer again = other.post("/api/orders", A_MUG, "Idempotency-Key", "waiting-1");
            assertThat(again.text("/orderId")).isEqualTo(first.text("/orderId"));
            ConsistencyToken token = token(again);
            assertThat(token.context()).isEqualTo("order");
            assertThat(token.written().place())
                    .isGreaterThanOrEqualTo(token(first).written().place());
        }

        @Test
        void waits_for_a_neighbours_event_only_where_it_is_heard() {
            ConsistencyToken heard = foreign("payment", "waybill.payment.PaymentCompleted");
            ConsistencyToken unheard = foreign("payment", "waybill.payment.SomethingElse");

            assertThat(other.get("/api/orders", CONSISTENCY, heard.encoded()).status())
                    .isEqualTo(503);
            assertThat(other.get("/api/orders", CONSISTENCY, unheard.encoded()).status())
                    .isEqualTo(200);
        }

        @Test
        void is_refused_in_time_however_many_are_forged() {
            ConsistencyToken forged = foreign("payment", "waybill.payment.PaymentCompleted");
            List<CompletableFuture<Answer>> all = IntStream.range(0, FORGED)
                    .mapToObj(number -> new ConsistencyToken(
                            forged.context(),
                            new Appended(
                                    forged.written().place(),
                                    "event-" + number,
                                    forged.written().type())))
                    .map(token -> other.getAsync("/api/orders", CONSISTENCY, token.encoded()))
                    .toList();

            assertThat(all).allSatisfy(answer -> {
                assertThat(answer.join().status()).isEqualTo(503);
                assertThat(answer.join().text("/code")).isEqualTo("READ_MODEL_BEHIND");
            });
        }

        @Test
        void is_answered_once_its_neighbours_event_is_here() {
            OrderId orderId = buy(working);
            working.isPaid(orderId);
            String event = working.bean(JdbcClient.class)
                    .sql("select event_id from event_stream where partition_key = ?"
                            + " and type = 'waybill.payment.PaymentCompleted'")
                    .param(orderId.value())
                    .query(String.class)
                    .single();
            ConsistencyToken paid = new ConsistencyToken(
                    "payment", new Appended(new StreamPosition(1, 1), event, "waybill.payment.PaymentCompleted"));

            Answer order = other.get("/api/orders/" + orderId, CONSISTENCY, paid.encoded());
            assertThat(order.status()).isEqualTo(200);
            assertThat(order.text("/payment/status")).isEqualTo("COMPLETED");
        }

        @Test
        void that_is_none_is_refused() {
            Answer answer = other.get("/api/orders", CONSISTENCY, "17.5");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text("/code")).isEqualTo("INVALID_CONSISTENCY_TOKEN");
        }

        private static ConsistencyToken foreign(String context, String type) {
            return new ConsistencyToken(
                    context, new Appended(new StreamPosition(1, 1), "00000000-0000-0000-0000-000000000000", type));
        }

        private static ConsistencyToken token(Answer answer) {
            return ConsistencyToken.parse(answer.header("waybill-consistency")).orElseThrow();
        }
    }

    @Test
    void events_say_where_they_stand_in_the_stream() {
        RabbitAdmin admin = new RabbitAdmin(working.bean(CachingConnectionFactory.class));
        Queue heard = requireNonNull(admin.declareQueue());
        admin.declareBinding(new Binding(
                heard.getName(),
                Binding.DestinationType.QUEUE,
                working.namespace() + ".waybill.events",
                "order.order-placed",
                null));
        Answer placed = working.post("/api/orders", A_MUG);
        String token = placed.header("waybill-consistency");
        StreamPosition written =
                ConsistencyToken.parse(token).orElseThrow().written().place();

        Message event =
                new RabbitTemplate(working.bean(CachingConnectionFactory.class)).receive(heard.getName(), 10_000);
        assertThat(requireNonNull(event).getMessageProperties().<String>getHeader("cloudEvents:position"))
                .isEqualTo(written.toString());
    }

    @Nested
    class Thousands_of_live_streams {

        private static final int STREAMS = 2_000;

        @Test
        void cost_no_thread_each_and_hear_of_their_order() {
            OrderId orderId = buy(working);
            int threadsBefore = Thread.activeCount();
            CountDownLatch placed = new CountDownLatch(STREAMS);
            CountDownLatch paid = new CountDownLatch(STREAMS);
            try (SilentClients clients = new SilentClients(
                    other.uri("/api/orders/" + orderId + "/updates"),
                    OrderFixtures.asCustomer(),
                    STREAMS,
                    (line, client) -> {
                        if (line.startsWith("event:waybill.order.OrderPlaced")) {
                            placed.countDown();
                        } else if (line.startsWith("event:waybill.payment.PaymentCompleted")) {
                            paid.countDown();
                        }
                    })) {
                await().atMost(Duration.ofSeconds(60))
                        .failFast(() -> assertThat(clients.refusals()).isEmpty())
                        .until(() -> placed.getCount() == 0);
                // The web server has 20 threads, and all streams are open: others are served.
                assertThat(other.get("/api/orders/" + orderId).status()).isEqualTo(200);
                working.isAsked("payment", ProcessPayment.class, orderId);
                long begin = System.nanoTime();
                working.hears("payment", paymentCompleted(orderId));
                await().atMost(Duration.ofSeconds(30)).until(() -> paid.getCount() == 0);
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
                int threads = Thread.activeCount() - threadsBefore;
                System.out.printf("%d streams: %d more threads, all told within %d ms%n", STREAMS, threads, millis);
                assertThat(threads).isLessThan(60);
                assertThat(clients.ended()).isZero();
            }
        }
    }

    /** Keeps the projections from writing, and nobody else, until it is closed. */
    private static final class Held implements AutoCloseable {

        private final java.sql.Connection connection;

        Held() throws java.sql.SQLException {
            connection = working.bean(DataSource.class).getConnection();
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                // This mode lets others read, and costs no transaction id for which the stream would wait.
                statement.execute("lock table order_summary in exclusive mode");
            }
        }

        @Override
        public void close() throws java.sql.SQLException {
            connection.rollback();
            connection.setAutoCommit(true);
            connection.close();
        }
    }
}
