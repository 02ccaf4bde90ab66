package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.waybill.testing.TestServers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import reactor.core.publisher.Mono;

/** Products and their lists, which events of inventory outdate. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OutdatingEventsIT {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String NAMESPACE = TestServers.freshNamespace("outdating");
    private static final String EXCHANGE = NAMESPACE + ".waybill.events";

    private static final String KEYS = TestServers.freshNamespace("outdating") + ":";

    private static Relay broker;
    private static Relay redis;
    private static RunningGateway gateway;
    private static Connection connection;
    private static Channel channel;

    private StubContext inventory;
    private int transaction;
    private String sku;

    @BeforeAll
    static void start() throws Exception {
        var store = TestServers.redis();
        redis = new Relay(store.host(), store.port());
        var server = TestServers.broker();
        broker = new Relay(server.host(), server.port());
        gateway = new RunningGateway(
                "--spring.data.redis.host=127.0.0.1",
                "--spring.data.redis.port=" + redis.port(),
                "--spring.data.redis.username=" + store.user(),
                "--spring.data.redis.password=" + store.password(),
                "--spring.data.redis.database=" + store.database(),
                "--spring.rabbitmq.host=127.0.0.1",
                "--spring.rabbitmq.port=" + broker.port(),
                "--spring.rabbitmq.username=" + server.user(),
                "--spring.rabbitmq.password=" + server.password(),
                "--spring.rabbitmq.virtual-host=" + server.virtualHost(),
                "--waybill.messaging.namespace=" + NAMESPACE,
                "--waybill.gateway.cache.key-prefix=" + KEYS,
                "--waybill.gateway.cache.redis-timeout=1s",
                // Inventory fails on purpose here, one test after the other.
                "--waybill.gateway.resilience.failures=100",
                "--waybill.gateway.resilience.first-pause=10ms");
        var factory = new ConnectionFactory();
        factory.setHost(server.host());
        factory.setPort(server.port());
        factory.setUsername(server.user());
        factory.setPassword(server.password());
        factory.setVirtualHost(server.virtualHost());
        connection = factory.newConnection();
        channel = connection.createChannel();
        channel.exchangeDeclare(EXCHANGE, "topic", true);
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        broker.close();
        redis.close();
        channel.exchangeDelete(EXCHANGE);
        connection.close();
    }

    @BeforeEach
    void anotherProduct() {
        gateway.forget();
        inventory = gateway.context(BoundedContext.INVENTORY);
        transaction = NUMBER.incrementAndGet();
        sku = "MUG-" + transaction;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "price-changed {\"sku\":\"%s\"}",
                "product-listed {\"sku\":\"%s\",\"name\":\"Mug\"}",
                "stock-received {\"sku\":\"%s\",\"quantity\":1}",
                "stock-reserved {\"orderId\":\"o\",\"lines\":[{\"sku\":\"OTHER\"},{\"sku\":\"%s\"}]}",
                "stock-released {\"orderId\":\"o\",\"lines\":[{\"sku\":\"%s\"}]}",
                "stock-committed {\"orderId\":\"o\",\"lines\":[{\"sku\":\"%s\"}]}",
            })
    void an_event_outdates_the_product_and_the_lists_within_a_second(String event) throws IOException {
        keep(product(), "old", at(1));
        keep("/api/products?limit=3", "old list", at(1));
        var parts = event.split(" ", 2);

        publish(parts[0], parts[1].formatted(sku), at(2));
        answers("new", at(2), at(2));

        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(body(product())).isEqualTo("new"));
        assertThat(body("/api/products?limit=3")).isEqualTo("new");
        await().untilAsserted(() -> assertThat(status(product())).contains("hit"));
    }

    @Test
    void an_event_leaves_other_products_alone() throws IOException {
        keep(product(), "old", at(1));
        publish("price-changed", "{\"sku\":\"%s-ELSE\"}".formatted(sku), at(2));
        keep("/api/products", "list", at(2));

        assertThat(body(product())).isEqualTo("old");
        assertThat(status(product())).contains("hit");
    }

    @Test
    void an_answer_of_a_read_model_that_lags_is_never_kept() throws IOException {
        keep(product(), "old", at(1));
        publish("price-changed", "{\"sku\":\"%s\"}".formatted(sku), at(2));
        answers("still old", at(1), at(2));
        await().untilAsserted(() -> assertThat(body(product())).isEqualTo("still old"));

        assertThat(status(product())).doesNotContain("stored").doesNotContain("hit");
        assertThat(status(product())).doesNotContain("stored").doesNotContain("hit");

        answers("new", at(2), at(2));
        assertThat(status(product())).contains("stored");
        assertThat(body(product())).isEqualTo("new");
    }

    @Test
    void an_answer_that_was_on_its_way_when_the_event_came_is_never_kept() throws Exception {
        keep(product(), "old", at(1));
        var held = reactor.core.publisher.Sinks.<String>one();
        inventory.answers(response -> kept(response, at(1), at(1), held.asMono(), 9));
        publish("price-changed", "{\"sku\":\"%s\"}".formatted(sku), at(2));
        var early = Mono.fromCallable(() -> {
                    // Hits until the event has arrived.
                    var answer = get(product());
                    while (status(answer).contains("hit")) {
                        answer = get(product());
                    }
                    return answer;
                })
                .subscribeOn(reactor.core.scheduler.Schedulers.boundedElastic())
                .toFuture();
        await().until(() ->
                !inventory.seen().isEmpty() && inventory.last().target().contains(sku));
        held.tryEmitValue("too early").orThrow();

        assertThat(status(early.join())).doesNotContain("stored");
        answers("new", at(2), at(2));
        assertThat(body(product())).isEqualTo("new");
    }

    @Test
    void an_answer_that_does_not_say_what_it_knows_is_not_kept() {
        keep("/api/products", "list", at(1));
        inventory.answers(response -> response.header("CDN-Cache-Control", "max-age=300")
                .header("Content-Length", "3")
                .sendString(Mono.just("one")));
        body(product());

        assertThat(status(product())).doesNotContain("hit");
    }

    @Test
    void what_may_have_been_missed_is_asked_about() throws IOException {
        keep(product(), "old", at(1));
        broker.cut();
        await().untilAsserted(() -> assertThat(status(product())).contains("fwd=stale"));
        // Nobody hears this one.
        publish("price-changed", "{\"sku\":\"%s\"}".formatted(sku), at(2));
        answers("old, and the model lags", at(1), at(2));
        assertThat(status(product())).doesNotContain("stored");

        broker.restore();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(gateway.gauge("waybill.cache.events.connected"))
                        .isEqualTo(1));
        assertThat(status(product())).doesNotContain("stored").doesNotContain("hit");
        answers("new", at(2), at(2));
        assertThat(body(product())).isEqualTo("new");
        assertThat(status(product())).contains("hit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s?junk=1", "/api/products?limit=3&limit=3", "/api/products?cursor=TVVH"})
    void what_anybody_could_make_up_is_not_kept(String target) {
        keep(product(), "kept", at(1));
        var madeUp = target.formatted(product());

        assertThat(status(madeUp)).isEqualTo("waybill-gateway; fwd=bypass; fwd-status=200");
        assertThat(status(madeUp)).isEqualTo("waybill-gateway; fwd=bypass; fwd-status=200");
        assertThat(status(product())).contains("hit");
    }

    @Test
    void what_a_redis_knew_that_has_lost_its_last_writes_is_asked_about() throws IOException {
        keep(product(), "old", at(1));
        publish("price-changed", "{\"sku\":\"%s\"}".formatted(sku), at(2));
        answers("old, and the model lags", at(1), at(2));
        await().untilAsserted(() -> assertThat(body(product())).isEqualTo("old, and the model lags"));
        // The answer is on the disk, the mark of the event is not; then it starts again.
        forgetMarks("product:" + sku, "products");
        redis.cut();
        redis.restore();
        answers("new", at(2), at(2));

        var first = await().atMost(Duration.ofSeconds(20))
                .until(() -> get(product()), answer -> !status(answer).contains("bypass"));

        assertThat(first.getResponseBody()).isEqualTo("new");
        await().untilAsserted(() -> assertThat(status(product())).contains("hit"));
        assertThat(body(product())).isEqualTo("new");
    }

    private static void forgetMarks(String... tags) {
        var keys = java.util.Arrays.stream(tags)
                .map(tag -> ByteBuffer.wrap((KEYS + "outdated:" + tag).getBytes(StandardCharsets.UTF_8)))
                .toList();
        assertThat(gateway.bean(ReactiveRedisConnectionFactory.class)
                        .getReactiveConnection()
                        .keyCommands()
                        .mDel(keys)
                        .block())
                .isEqualTo(tags.length);
    }

    @Nested
    class When_inventory_fails_a_product {

        private static final String WHOLE =
                "{\"sku\":\"MUG\",\"name\":\"Mug\",\"price\":{\"amount\":\"12.50\"},\"available\":7}";
        private static final String WITHOUT_STOCK =
                "{\"sku\":\"MUG\",\"name\":\"Mug\",\"price\":{\"amount\":\"12.50\"}}";

        @Test
        void is_shown_without_its_stock_level_once_that_has_changed() throws IOException {
            keep(product(), WHOLE, at(1));
            inventory.answers(StubContext.json(503, "{}"));
            assertThat(status(product())).contains("hit");
            publish("stock-received", "{\"sku\":\"%s\",\"quantity\":1}".formatted(sku), at(2));

            await().untilAsserted(() -> assertThat(body(product())).isEqualTo(WITHOUT_STOCK));

            var shown = get(product());
            assertThat(shown.getStatus().value()).isEqualTo(200);
            assertThat(status(shown))
                    .startsWith("waybill-gateway; fwd=stale; fwd-status=503; ttl=-")
                    .endsWith("; detail=without-stock-level");
            var headers = shown.getResponseHeaders();
            assertThat(headers.getCacheControl()).isEqualTo("no-store");
            assertThat(headers.getFirst("Age")).matches("\\d+");
            assertThat(headers.containsKey("ETag")).isFalse();
            assertThat(body("/api/products")).isEqualTo("{}");
        }

        @Test
        void is_shown_without_its_stock_level_when_inventory_breaks_off_too() throws IOException {
            keep(product(), WHOLE, at(1));
            publish("stock-received", "{\"sku\":\"%s\",\"quantity\":1}".formatted(sku), at(2));
            inventory.answers(StubContext.reset());

            await().untilAsserted(() -> assertThat(body(product())).isEqualTo(WITHOUT_STOCK));

            inventory.answers(StubContext.json(200, "fresh"));
            assertThat(body(product())).isEqualTo("fresh");
        }

        @Test
        void is_shown_without_its_stock_level_when_that_is_too_old() {
            // Five minutes, and ten more in which it may stand in as it is.
            inventory.answers(response -> kept(
                    response.header("Age", "1000").header("ETag", "\"1\""),
                    at(1),
                    at(1),
                    Mono.just(WHOLE),
                    WHOLE.length()));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(status(product())).contains("stored"));
            inventory.answers(StubContext.json(503, "{}"));

            assertThat(body(product())).isEqualTo(WITHOUT_STOCK);
            assertThat(timeToLive(product())).isGreaterThan(Duration.ofHours(23));
        }

        private static Duration timeToLive(String path) {
            var key = ByteBuffer.wrap((KEYS + "answer:" + path).getBytes(StandardCharsets.UTF_8));
            return Duration.ofMillis(gateway.bean(ReactiveRedisConnectionFactory.class)
                    .getReactiveConnection()
                    .keyCommands()
                    .pTtl(key)
                    .block());
        }

        @ParameterizedTest
        @ValueSource(strings = {"price-changed {\"sku\":\"%s\"}", "product-listed {\"sku\":\"%s\",\"name\":\"Cup\"}"})
        void is_never_shown_with_a_name_or_price_of_before(String event) throws IOException {
            keep(product(), WHOLE, at(1));
            inventory.answers(StubContext.json(503, "{}"));
            var parts = event.split(" ", 2);
            publish(parts[0], parts[1].formatted(sku), at(2));

            await().untilAsserted(
                            () -> assertThat(get(product()).getStatus().value()).isEqualTo(503));
        }

        @Test
        void is_not_shown_where_a_new_price_may_have_been_missed() throws IOException {
            keep(product(), WHOLE, at(1));
            publish("stock-received", "{\"sku\":\"%s\",\"quantity\":1}".formatted(sku), at(2));
            inventory.answers(StubContext.json(503, "{}"));
            await().untilAsserted(() -> assertThat(body(product())).isEqualTo(WITHOUT_STOCK));

            broker.cut();
            try {
                await().untilAsserted(() ->
                        assertThat(get(product()).getStatus().value()).isEqualTo(503));
            } finally {
                broker.restore();
            }
        }
    }

    /** Positions of later tests are later: the stream only grows. */
    private String at(int offset) {
        return transaction + ":" + offset;
    }

    private String product() {
        return "/api/products/" + sku;
    }

    /** Lets the gateway keep an answer, as soon as it is connected to everything. */
    private void keep(String path, String body, String position) {
        answers(body, position, position);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(status(path)).contains("hit"));
        inventory.seen().clear();
    }

    private void answers(String body, String position, String head) {
        inventory.answers(response -> kept(response, position, head, Mono.just(body), body.length()));
    }

    private static org.reactivestreams.Publisher<Void> kept(
            reactor.netty.http.server.HttpServerResponse response,
            String position,
            String head,
            Mono<String> body,
            int length) {
        return response.header(
                        "CDN-Cache-Control", "public, max-age=300, stale-while-revalidate=60, stale-if-error=600")
                .header("Cache-Control", "no-cache")
                .header("Waybill-Read-Position", position)
                .header("Waybill-Stream-Head", head)
                .header("Content-Length", Integer.toString(length))
                .sendString(body);
    }

    private static void publish(String event, String payload, String position) throws IOException {
        var properties = new BasicProperties.Builder()
                .headers(Map.of("cloudEvents:type", "waybill.inventory.Any.v1", "cloudEvents:position", position))
                .build();
        channel.basicPublish(EXCHANGE, "inventory." + event, properties, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static EntityExchangeResult<String> get(String path) {
        return gateway.client()
                .get()
                .uri(path)
                .exchange()
                .expectBody(String.class)
                .returnResult();
    }

    private static String body(String path) {
        return String.valueOf(get(path).getResponseBody());
    }

    private static String status(String path) {
        return status(get(path));
    }

    private static String status(EntityExchangeResult<String> answer) {
        return String.valueOf(answer.getResponseHeaders().getFirst("Cache-Status"));
    }
}
