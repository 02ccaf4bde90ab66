package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static io.waybill.acceptance.Status.CANCELLED;
import static io.waybill.acceptance.Status.CONFIRMED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.acceptance.ChildJvm.Signal;
import io.waybill.testing.LiveListener;
import io.waybill.testing.SilentClients;
import io.waybill.testing.TestServers;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Two gateways, and two instances of the contexts whose answers are read: nobody notices through which of them they
 * ask. The first gateway asks the first instances, the second the second. The last story kills one of them.
 */
@TestMethodOrder(OrderAnnotation.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(RunningSystem.OF_ITS_OWN)
class TwoGatewaysIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CONSISTENCY = "Waybill-Consistency";
    private static final int ROUNDS = 12;
    private static final int MANY = 20;
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private static Distributed waybill;
    private static RunningSystem other;
    private static Shop first;
    private static Shop second;

    @BeforeAll
    static void start() {
        waybill = Distributed.openWithTwoGateways(
                "pair",
                TestServers.freshNamespace("pair"),
                Stream.concat(
                                Waits.PATIENT.stream(),
                                Stream.of(
                                        // Longer than any story: what is heard in time was told, not looked up.
                                        "waybill.waiting.reread=10m",
                                        "waybill.waiting.read-your-writes=8s",
                                        "waybill.order.watching.heartbeat=2s",
                                        // A herd of requests wakes all threads that there may be.
                                        "server.tomcat.threads.max=20"))
                        .toList(),
                List.of(
                        "waybill.gateway.limits.gateways=2",
                        // On a busy machine Redis may be late, and still has the last word here.
                        "waybill.gateway.limits.patience=5s",
                        "waybill.gateway.cache.redis-timeout=5s",
                        // One customer has all the streams.
                        "waybill.gateway.admission.streams-per-client=5000",
                        "waybill.identity.key-lead=2s",
                        "waybill.identity.key-check=500ms"));
        waybill.launch(2, "order", "inventory");
        waybill.runAll();
        other = waybill.throughTheOther();
        first = Shop.at(waybill);
        second = Shop.at(other);
    }

    @AfterAll
    static void stop() {
        waybill.close();
    }

    @Test
    @Order(1)
    void an_order_is_answered_when_it_is_decided_whichever_instance_hears_of_that() {
        Product product = first.sells(10);
        first.accepts(Purchase.of(product, 1));
        List<Callable<Answer>> requests = new ArrayList<>();
        for (Shop shop : List.of(first, second)) {
            requests.add(() -> asksAndWaits(shop, Purchase.of(product, 1)));
            requests.add(() -> asksAndWaits(shop, Purchase.of(product, 1).paidWith("pm_sandbox_slow")));
            requests.add(() -> asksAndWaits(shop, Purchase.of(product, 100)));
        }

        assertThat(Shop.atOnce(requests))
                .allSatisfy(
                        answer -> assertThat(answer.status()).as("%s", answer).isEqualTo(201))
                .extracting(answer -> answer.text("status"))
                .containsExactly("CONFIRMED", "CONFIRMED", "REJECTED", "CONFIRMED", "CONFIRMED", "REJECTED");
    }

    private static Answer asksAndWaits(Shop shop, Purchase purchase) {
        return shop.asks(purchase, "Prefer", "wait=30");
    }

    @Test
    @Order(2)
    void whoever_writes_at_one_reads_it_at_the_other_at_once() {
        Product product = first.sells(1_000);
        Product stored = first.sells(1);
        for (int round = 0; round < ROUNDS; round++) {
            Http here = (round % 2 == 0 ? first : second).gateway();
            Http there = (round % 2 == 0 ? second : first).gateway();
            seesItsPrice(here, there, product, "%d.50".formatted(round + 1));
            seesItsStock(here, there, stored, round + 2);
            if (round % 4 < 2) {
                seesItsOrder(here, there, Purchase.of(product, 1));
            }
        }
    }

    private static void seesItsPrice(Http here, Http there, Product product, String amount) {
        String path = "/api/products/" + product.sku();
        String token = token(here.put(path, offer(amount)));

        assertThat(there.get(path, CONSISTENCY, token).orFail().text("price/amount"))
                .isEqualTo(amount);
        JsonNode list = there.get("/api/products?limit=100", CONSISTENCY, token)
                .orFail()
                .body();
        assertThat(items(list).filter(item -> item.path("sku").asText().equals(product.sku())))
                .singleElement()
                .satisfies(item -> assertThat(item.at("/price/amount").asText()).isEqualTo(amount));
        // The order context hears of it, and the order that follows costs as much.
        Answer order =
                there.post("/api/orders", Purchase.of(product, 1).toJson().toString(), CONSISTENCY, token);
        assertThat(there.get(path(order), CONSISTENCY, token(order)).orFail().text("total/amount"))
                .isEqualTo(amount);
    }

    private static void seesItsStock(Http here, Http there, Product product, int pieces) {
        String path = "/api/products/" + product.sku();
        String token = token(here.post(path + "/stock", "{\"quantity\":1}"));

        assertThat(there.get(path, CONSISTENCY, token).orFail().text("available"))
                .isEqualTo(String.valueOf(pieces));
    }

    private static void seesItsOrder(Http here, Http there, Purchase purchase) {
        Answer placed = here.post("/api/orders", purchase.toJson().toString(), "Prefer", "wait=30");
        assertThat(placed.status()).isEqualTo(201);
        String token = token(placed);
        assertThat(there.get("/api/orders?limit=1", CONSISTENCY, token).orFail().text("items/0/orderId"))
                .isEqualTo(placed.text("orderId"));
        Answer order = there.get(path(placed), CONSISTENCY, token).orFail();
        assertThat(order.text("status")).isEqualTo("CONFIRMED");
        Answer payment = there.get("/api/payments/" + order.text("payment/paymentId"), CONSISTENCY, token);
        assertThat(payment.orFail().text("status")).isEqualTo("COMPLETED");

        String cancelled = token(here.post(path(placed) + "/cancellation", "{\"reason\":\"I found it cheaper\"}"));
        assertThat(there.get(path(placed), CONSISTENCY, cancelled).orFail().text("status"))
                .isIn("CANCELLING", "CANCELLED");
    }

    @Test
    @Order(3)
    void a_dispatch_at_one_is_seen_in_shipment_and_order_at_the_other() {
        Product product = first.sells(10);
        for (int round = 0; round < 4; round++) {
            Shop here = round % 2 == 0 ? first : second;
            Http there = (round % 2 == 0 ? second : first).gateway();
            PlacedOrder order = here.accepts(Purchase.of(product, 1)).becomes(CONFIRMED);
            String token = token(order.dispatch());

            assertThat(there.get("/api/shipments/" + order.shipmentId(), CONSISTENCY, token)
                            .orFail()
                            .text("status"))
                    .isEqualTo("DISPATCHED");
            assertThat(there.get(order.path(""), CONSISTENCY, token).orFail().text("shipment/status"))
                    .isEqualTo("DISPATCHED");
        }
    }

    @Test
    @Order(4)
    void a_change_of_price_is_seen_at_the_other_gateway_within_a_second() {
        Product product = first.sells(10);
        String path = "/api/products/" + product.sku();
        List<Long> millis = new ArrayList<>();
        for (int round = 0; round < 7; round++) {
            Http here = (round % 2 == 0 ? first : second).gateway();
            Http there = (round % 2 == 0 ? second : first).gateway();
            within(PATIENCE, "both are kept by the gateways")
                    .until(() -> isHit(there.get(path)) && isHit(there.get("/api/products")));
            String amount = "%d.75".formatted(round + 1);
            here.put(path, offer(amount)).orFail();
            long begin = System.nanoTime();
            within(PATIENCE, "the new price at the other gateway")
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> there.get(path).text("price/amount").equals(amount)
                            && there.get("/api/products").body().toString().contains('"' + amount + '"'));
            millis.add((System.nanoTime() - begin) / 1_000_000);
        }

        System.out.println("A new price was seen at the other gateway after so many ms: " + millis);
        // Each, on a machine that does nothing else; the middle one, on any.
        assertThat(millis.stream().sorted().toList().get(millis.size() / 2)).isLessThan(1_000);
    }

    private static boolean isHit(Answer answer) {
        return answer.header("cache-status").contains("; hit");
    }

    @Test
    @Order(5)
    void who_registers_at_one_is_known_at_the_other_and_a_new_key_logs_nobody_out() {
        Http here = new Http(waybill::gateway);
        Http there = new Http(other::gateway);
        ObjectNode account = JsonNodeFactory.instance
                .objectNode()
                .put("email", "%s@example.org".formatted(UUID.randomUUID()))
                .put("password", UUID.randomUUID().toString());
        String named = account.deepCopy().put("name", "Ada Lovelace").toString();
        assertThat(here.post("/api/users/register", named).status()).isEqualTo(201);
        String before = logIn(there, account);
        assertThat(isBelieved(here, before) && isBelieved(there, before)).isTrue();

        first.gateway().post("/api/admin/gateway/keys/rotation").orFail();
        String fresh = within(PATIENCE, "the new key signs at the other gateway")
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> logIn(there, account), token -> !head(token).equals(head(before)));

        for (String token : List.of(before, fresh, logIn(here, account))) {
            assertThat(isBelieved(here, token)).isTrue();
            assertThat(isBelieved(there, token)).isTrue();
        }
    }

    /** By the gateway, and by the context behind it. */
    private static boolean isBelieved(Http gateway, String token) {
        return gateway.get("/api/orders", "Authorization", "Bearer " + token).status() == 200;
    }

    /** Each time from another address. */
    private static String logIn(Http gateway, ObjectNode account) {
        return gateway.post(
                        "/api/users/login",
                        account.toString(),
                        "X-Forwarded-For",
                        "198.51.100." + ADDRESSES.incrementAndGet())
                .orFail()
                .text("access_token");
    }

    /** The head of a token names its key. */
    private static String head(String token) {
        return token.substring(0, token.indexOf('.'));
    }

    @Test
    @Order(6)
    void both_gateways_together_grant_no_more_than_one() {
        List<Http> gateways = List.of(new Http(waybill::gateway), new Http(other::gateway));
        String wrong = JsonNodeFactory.instance
                .objectNode()
                .put("email", "nobody@example.org")
                .put("password", "guessed")
                .toString();
        List<Answer> answers = Shop.atOnce(IntStream.range(0, 30)
                .<Callable<Answer>>mapToObj(number -> () ->
                        gateways.get(number % 2).post("/api/users/login", wrong, "X-Forwarded-For", "203.0.113.1"))
                .toList());

        Map<Integer, Long> statuses =
                answers.stream().collect(Collectors.groupingBy(Answer::status, Collectors.counting()));
        assertThat(statuses).isEqualTo(Map.of(401, 10L, 429, 20L));
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 429)
                .allSatisfy(answer -> assertThat(answer.header("retry-after")).isNotEmpty());
    }

    @Test
    @Order(7)
    void the_same_request_a_hundred_times_at_once_through_both_buys_once() {
        Product product = first.sells(10);
        first.accepts(Purchase.of(product, 1));
        Purchase purchase = Purchase.of(product, 2);

        List<Answer> answers = Shop.atOnce(IntStream.range(0, 100)
                .<Callable<Answer>>mapToObj(number -> () -> (number % 2 == 0 ? first : second).asks(purchase))
                .toList());

        PlacedOrder order = second.accepts(purchase).becomes(CONFIRMED);
        assertThat(answers)
                .filteredOn(answer -> !answer.text("code").equals("REQUEST_IN_FLIGHT"))
                .isNotEmpty()
                .allSatisfy(
                        answer -> assertThat(answer.status()).as("%s", answer).isEqualTo(202))
                .extracting(answer -> answer.header("Location") + " " + answer.body())
                .containsOnly(order.path("") + " {\"orderId\":\"%s\",\"status\":\"PLACED\"}".formatted(order.id()));
        within(PATIENCE, "two orders are all").until(() -> product.available() == 7);
        Answer other = second.asks(new Purchase(purchase.key(), product, 3, "pm_card_visa", "10115"));
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.text("code")).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    }

    @Test
    @Order(8)
    void what_many_change_at_once_through_both_is_changed_by_each() {
        Product product = first.sells(10);
        PlacedOrder order = first.accepts(Purchase.of(product, 1)).becomes(CONFIRMED);
        List<Callable<Answer>> changes = new ArrayList<>();
        for (int number = 1; number <= MANY; number++) {
            Http gateway = (number % 2 == 0 ? first : second).gateway();
            String price = offer(number + ".50");
            changes.add(() -> gateway.put("/api/products/" + product.sku(), price));
            changes.add(() -> gateway.post("/api/products/" + product.sku() + "/stock", "{\"quantity\":1}"));
            changes.add(() -> gateway.post(order.path("/cancellation"), "{\"reason\":\"I found it cheaper\"}"));
        }

        // Those who lose the race for the aggregate are tried again, and nobody hears of it.
        assertThat(Shop.atOnce(changes))
                .allSatisfy(
                        answer -> assertThat(answer.status()).as("%s", answer).isIn(200, 202, 409));
        order.becomes(CANCELLED);
        assertThat(order.history()).filteredOn("OrderCancelled"::equals).hasSize(1);
        within(PATIENCE, "all arrived").until(() -> product.available() == 10 + MANY);
    }

    @Test
    @Order(9)
    void a_stream_that_goes_to_and_fro_misses_and_repeats_nothing() {
        Product product = first.sells(10);
        Shop.atOnce(Stream.generate(() -> (Callable<Void>) () -> {
                    follow(first.accepts(Purchase.of(product, 1)));
                    return null;
                })
                .limit(6)
                .toList());
    }

    /** Each event is heard at the gateway that did not tell the one before. */
    private static void follow(PlacedOrder order) {
        canBeRead(order);
        List<String> heard = new ArrayList<>();
        String last = null;
        for (int turn = 0; ; turn++) {
            try (LiveListener listener = listen(turn % 2 == 0 ? first : second, order, last)) {
                if (listener.status() == 204) {
                    break;
                }
                String event = listener.next();
                assertThat(event).isNotEmpty();
                last = listener.lastId();
                heard.add(last);
                if (event.equals("OrderConfirmed")) {
                    order.dispatch().orFail();
                } else if (event.equals("OrderDispatched")) {
                    order.deliver().orFail();
                }
            }
        }

        try (LiveListener whole = listen(second, order, null)) {
            assertThat(rest(whole)).isEqualTo(heard);
        }
    }

    private static void canBeRead(PlacedOrder order) {
        within(PATIENCE, "it can be read")
                .until(() -> order.gateway().get(order.path("")).isSuccess());
    }

    private static LiveListener listen(Shop shop, PlacedOrder order, String after) {
        URI address = (shop == first ? waybill : other).gateway();
        return new LiveListener(address.resolve(order.path("/updates")), authorization(), after);
    }

    /** The ids of all events until the stream ends. */
    private static List<String> rest(LiveListener stream) {
        List<String> ids = new ArrayList<>();
        while (!stream.next().isEmpty()) {
            ids.add(stream.lastId());
        }
        return ids;
    }

    private static String authorization() {
        return Accounts.at(waybill).authorization("GET", "/api/orders").orElseThrow();
    }

    @Test
    @Order(10)
    void thousands_of_streams_cost_no_thread_each_and_all_hear() {
        int streams = 2_000;
        PlacedOrder order = second.accepts(Purchase.of(first.sells(1), 1)).becomes(CONFIRMED);
        Set<Integer> confirmed = ConcurrentHashMap.newKeySet();
        Set<Integer> alive = ConcurrentHashMap.newKeySet();
        CountDownLatch dispatched = new CountDownLatch(streams);
        try (Insight gateway = Insight.into(waybill.gatewayProcesses().getFirst());
                Insight context = Insight.into(waybill.processes("order").getFirst())) {
            int threads = gateway.threads() + context.threads();
            long heapOfGateway = gateway.heap();
            long heapOfContext = context.heap();
            long begin = System.nanoTime();
            try (SilentClients clients = new SilentClients(
                    waybill.gateway().resolve(order.path("/updates")), authorization(), streams, (line, client) -> {
                        if (line.startsWith("event:waybill.order.OrderConfirmed")) {
                            confirmed.add(client);
                        } else if (line.startsWith("event:waybill.order.OrderDispatched")) {
                            dispatched.countDown();
                        } else if (line.equals(":")) {
                            alive.add(client);
                        }
                    })) {
                within(PATIENCE.multipliedBy(2), "all streams are open")
                        .failFast(() -> assertThat(clients.refusals()).isEmpty())
                        .until(() -> confirmed.size() == streams);
                long open = System.nanoTime();
                within(PATIENCE, "each of them shows that it is there").until(() -> alive.size() == streams);
                // Neither gateway nor context is busy with them.
                first.gateway().get(order.path("")).orFail();
                long kbOfGateway = (gateway.heap() - heapOfGateway) / 1_024;
                long kbOfContext = (context.heap() - heapOfContext) / 1_024;
                int more = gateway.threads() + context.threads() - threads;

                long change = System.nanoTime();
                order.dispatch().orFail();
                within(PATIENCE, "all hear").until(() -> dispatched.getCount() == 0);
                System.out.printf(
                        "%d streams through a gateway: open after %d ms, told within %d ms, %d more threads, %d and %d"
                                + " kB%n",
                        streams,
                        (open - begin) / 1_000_000,
                        (System.nanoTime() - change) / 1_000_000,
                        more,
                        kbOfGateway,
                        kbOfContext);
                assertThat(more).isLessThan(60);
                assertThat(kbOfGateway / streams).isLessThan(128);
                assertThat(kbOfContext / streams).isLessThan(160);
                assertThat(clients.ended()).isZero();
            }
        }
    }

    @Test
    @Order(11)
    void a_killed_instance_takes_no_stream_and_no_answer_with_it() {
        Shop shop = Shop.at(waybill);
        Product product = shop.sells(5);
        shop.accepts(Purchase.of(product, 1)).becomes(CONFIRMED);
        PlacedOrder order = shop.accepts(Purchase.of(product, 1).paidWith("pm_sandbox_slow"));
        canBeRead(order);
        List<String> heard = new ArrayList<>();
        List<Answer> answers = Shop.atOnce(List.of(() -> asksAndWaits(second, Purchase.of(product, 9)), () -> {
            try (LiveListener listener = listen(first, order, null)) {
                assertThat(listener.next()).isEqualTo("OrderPlaced");
                heard.add(listener.lastId());
                waybill.end("order", Signal.KILL);
                heard.addAll(rest(listener));
            }
            return first.gateway().get(order.path(""));
        }));
        assertThat(answers.getFirst().status()).isEqualTo(201);
        assertThat(answers.getLast().status()).isEqualTo(200);

        order.becomes(CONFIRMED);
        order.dispatch().orFail();
        order.hearsOf("OrderDispatched").deliver().orFail();
        try (LiveListener listener = listen(second, order, heard.getLast())) {
            heard.addAll(rest(listener));
        }
        try (LiveListener whole = listen(first, order, null)) {
            assertThat(rest(whole)).isEqualTo(heard);
        }
        shop.audit();
    }

    private static String offer(String amount) {
        var offer = JsonNodeFactory.instance.objectNode().put("name", "A thing of a story");
        offer.putObject("price").put("amount", amount).put("currency", "EUR");
        return offer.toString();
    }

    /** What an answer to a command gives to those who want to see its effect. */
    private static String token(Answer answer) {
        String token = answer.orFail().header(CONSISTENCY);
        assertThat(token).isNotEmpty();
        return token;
    }

    private static String path(Answer placed) {
        return "/api/orders/" + placed.orFail().text("orderId");
    }

    private static Stream<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.path("items").spliterator(), false);
    }
}
