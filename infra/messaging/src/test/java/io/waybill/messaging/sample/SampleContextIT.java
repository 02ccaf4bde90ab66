package io.waybill.messaging.sample;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.WaybillApplication;
import io.waybill.messaging.sample.ShelfCommand.PlaceGoods;
import io.waybill.messaging.sample.ShelfCommand.PutUpShelf;
import io.waybill.testing.TestDatabase;
import io.waybill.testing.TestServers;
import io.waybill.testing.TestTokens;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A whole context, as its one bean switches it on; two processes of it, as in production. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SampleContextIT {

    private static final String NAMESPACE = TestServers.freshNamespace("sample");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final List<ConfigurableApplicationContext> INSTANCES = new ArrayList<>();
    private static CommandGateway gateway;
    private static JdbcClient jdbc;
    private static RabbitTemplate broker;
    private static String url;

    @BeforeAll
    static void start() {
        TestDatabase database = TestServers.freshDatabase("sample");
        INSTANCES.add(instance(database));
        INSTANCES.add(instance(database));
        ConfigurableApplicationContext first = INSTANCES.get(0);
        gateway = first.getBean(CommandGateway.class);
        jdbc = first.getBean(JdbcClient.class);
        broker = first.getBean(RabbitTemplate.class);
        url = "http://127.0.0.1:" + first.getEnvironment().getProperty("local.server.port") + "/api/admin";
    }

    private static ConfigurableApplicationContext instance(TestDatabase database) {
        String[] arguments = Stream.of(
                        database.springProperties(),
                        TestServers.broker().springProperties(),
                        TestTokens.springProperties(),
                        Map.of(
                                "server.port", "0",
                                "management.server.port", "0",
                                "server.address", "127.0.0.1",
                                "waybill.messaging.namespace", NAMESPACE,
                                "waybill.messaging.queue-expiry", "10m",
                                "spring.datasource.hikari.maximum-pool-size", "10",
                                "spring.datasource.hikari.minimum-idle", "2"))
                .flatMap(settings -> settings.entrySet().stream())
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        return WaybillApplication.start(SampleMessages.CONTEXT, SampleApplication.class, arguments);
    }

    @AfterAll
    static void stop() {
        INSTANCES.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void a_shelf_is_filled_across_two_contexts_and_time() {
        gateway.sendAndWait(new PutUpShelf("story"));

        Message order = receive("shipping.commands", "parcel-story");
        assertThat(order.getMessageProperties().getHeaders()).containsEntry("cloudEvents:source", "/waybill/inventory");
        broker.send(
                NAMESPACE + ".waybill.events", "shipping.shipment-dispatched", dispatched("parcel-story", "story", 12));

        awaitPieces("story", 12);
        assertThat(new String(receive("order.inbox", "\"pieces\":12,\"unit\"").getBody(), UTF_8))
                .isEqualTo("{\"shelf\":\"story\",\"pieces\":12,\"unit\":\"PIECE\"}");
        await().until(() -> count("select count(*) from saga where saga_id in "
                        + "(select saga_id from saga_association where association_value = 'story')")
                == 0);
        assertThat(count("select count(*) from sample_seen where what = 'story:12'"))
                .isEqualTo(1);
        assertThat(count("select dispatched from sample_shelf where shelf = 'story'"))
                .isEqualTo(12);
    }

    @Test
    void commands_that_race_for_one_aggregate_in_two_processes_all_succeed() throws Exception {
        gateway.sendAndWait(new PutUpShelf("race"));
        CommandGateway other = INSTANCES.get(1).getBean(CommandGateway.class);
        int each = 25;
        CyclicBarrier together = new CyclicBarrier(4);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<Void>> racing = Stream.of(gateway, gateway, other, other)
                    .map(mine -> pool.<Void>submit(() -> {
                        for (int nr = 0; nr < each; nr++) {
                            together.await(20, TimeUnit.SECONDS);
                            mine.sendAndWait(new PlaceGoods("race", 1));
                        }
                        return null;
                    }))
                    .toList();
            for (Future<Void> one : racing) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(count("select max(sequence_number) from event_stream where subject = 'race'"))
                .isEqualTo(4L * each);
        awaitPieces("race", 4L * each);
    }

    @Test
    void a_refusal_reaches_the_caller_as_itself() {
        gateway.sendAndWait(new PutUpShelf("refused"));

        assertThatThrownBy(() -> gateway.sendAndWait(new PlaceGoods("refused", 0)))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.code()).isEqualTo(SampleRejection.NOTHING_TO_PLACE));
    }

    @Test
    void operators_see_every_processor_with_its_position_and_lag() throws Exception {
        JsonNode items = json(get("/processors")).get("items");

        assertThat(items.findValuesAsText("name"))
                .contains(
                        "inventory.shelves",
                        "inventory.stock-takes",
                        "inventory.refill",
                        "inventory.mail",
                        "inventory.outbox");
        assertThat(items).allSatisfy(item -> {
            assertThat(item.get("context").asText()).isEqualTo("inventory");
            assertThat(item.get("position").asText()).matches("\\d+:\\d+");
            assertThat(item.has("lag")).isTrue();
        });
    }

    @Test
    void operators_replay_projections_but_nothing_that_acts() throws Exception {
        gateway.sendAndWait(new PutUpShelf("replayed"));
        gateway.sendAndWait(new PlaceGoods("replayed", 7));
        awaitPieces("replayed", 7);
        await().until(() -> count("select count(*) from sample_seen where what = 'replayed:7'") == 1);
        jdbc.sql("update sample_shelf set pieces = 0 where shelf = 'replayed'").update();

        assertThat(replay("inventory.shelves", "start").statusCode()).isEqualTo(202);

        awaitPieces("replayed", 7);
        for (String acting : List.of("inventory.mail", "inventory.refill", "inventory.outbox")) {
            assertProblem(replay(acting, "start"), 409, "PROCESSOR_NOT_REPLAYABLE");
        }
        assertProblem(replay("inventory.nothing", "start"), 404, "PROCESSOR_NOT_FOUND");
        assertThat(count("select count(*) from sample_seen where what = 'replayed:7'"))
                .isEqualTo(1);
    }

    @Test
    void operators_replay_from_a_position_or_a_time_only_where_that_is_safe() throws Exception {
        gateway.sendAndWait(new PutUpShelf("heard"));
        awaitMoved("inventory.stock-takes");
        assertThat(replay("inventory.stock-takes", "1:1").statusCode()).isEqualTo(202);
        assertThat(replay(
                                "inventory.stock-takes",
                                Instant.now().minusSeconds(60).toString())
                        .statusCode())
                .isEqualTo(202);
        assertProblem(replay("inventory.shelves", "1:1"), 409, "REPLAY_ONLY_FROM_START");
        assertProblem(replay("inventory.stock-takes", "yesterday"), 400, "INVALID_VALUE");
        assertProblem(post("/inventory/processors/inventory.stock-takes/replay", "{}"), 400, "INVALID_VALUE");
    }

    @Test
    void a_replay_from_a_place_that_nothing_has_come_to_is_refused() throws Exception {
        assertProblem(replay("inventory.stock-takes", "999999999999999999:1"), 409, "NOTHING_TO_REPLAY");
        assertProblem(
                replay("inventory.stock-takes", Instant.now().plusSeconds(3_600).toString()), 409, "NOTHING_TO_REPLAY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+999999999-12-31T00:00:00Z",
                "-999999999-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z",
                "0000-12-31T23:59:59Z"
            })
    void a_replay_from_a_time_that_no_database_knows_is_refused(String time) throws Exception {
        assertProblem(replay("inventory.stock-takes", time), 400, "INVALID_VALUE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aggregate=a%00b", "type=%00", "aggregate=a%0Ab", "type=%C2%85"})
    void control_characters_are_refused(String query) throws Exception {
        assertProblem(get("/inventory/events?" + query), 400, "INVALID_VALUE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data", "multipart/form-data;boundary=x", "multipart/form-data;boundary=\""})
    void a_form_with_parts_is_refused_like_any_other_body_that_is_no_json(String type) throws Exception {
        assertProblem(
                send(HttpRequest.newBuilder(URI.create(url + "/inventory/processors/inventory.shelves/replay"))
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString("{\"from\":\"start\"}"))),
                415,
                "UNSUPPORTED_MEDIA_TYPE");
    }

    @Test
    void a_form_that_cannot_be_decoded_is_nobodys_business() throws Exception {
        assertProblem(
                send(HttpRequest.newBuilder(URI.create(url + "/inventory/parked-messages/0"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .method("DELETE", BodyPublishers.ofString("a=%zz"))),
                404,
                "PARKED_NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/admin/parked?x[]=1", "/api/admin/parked?x=\"", "/api/admin/\u00e9", "/a\\b", "nowhere"})
    void a_target_that_tomcat_refuses_is_answered_with_a_problem_document(String target) throws Exception {
        String answer = raw("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .containsIgnoringCase("content-type: application/problem+json")
                .contains("\"code\":\"BAD_REQUEST\"", "\"status\":400")
                .doesNotContain("<");
    }

    @Test
    void headers_have_room_for_what_the_gateway_adds() throws Exception {
        assertThat(raw("GET /api/admin/parked HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: " + "x".repeat(12_000)
                        + "\r\n\r\n"))
                .startsWith("HTTP/1.1 401");
        assertThat(raw("GET /api/admin/parked HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(17_000) + "\r\n\r\n"))
                .contains("\"code\":\"BAD_REQUEST\"");
    }

    @Test
    void operators_page_through_what_is_parked() throws Exception {
        jdbc.sql("""
            insert into parked_event
                (processor, segment, partition_key, transaction_id, position, cause, attempts)
            select 'retired', 0, 'key', '1', nr, 'bug', 3 from generate_series(1, 3) nr\
            """).update();
        jdbc.sql("""
            insert into parked_message (queue, headers, body, cause)
            select 'retired', '{}', '', 'event:1' from generate_series(1, 3)\
            """).update();
        try {
            for (String path : List.of("/parked", "/inventory/parked")) {
                for (int limit : new int[] {1, 2, 3, 4, 100}) {
                    List<String> seen = new ArrayList<>();
                    String cursor = "";
                    do {
                        JsonNode page = json(get(path + "?limit=" + limit + cursor));
                        assertThat(page.get("items").size()).isBetween(1, limit);
                        assertThat(seen).as("it ends").hasSizeLessThan(10);
                        page.get("items").forEach(item -> {
                            if (item.path("processor").asText().equals("retired")) {
                                seen.add("event:" + item.get("position").asText());
                            } else if (item.path("queue").asText().equals("retired")) {
                                seen.add("message");
                            }
                        });
                        cursor = page.has("nextCursor")
                                ? "&cursor=" + page.get("nextCursor").asText()
                                : "";
                    } while (!cursor.isEmpty());
                    assertThat(seen)
                            .as(path + " by " + limit)
                            .containsExactly("event:1:1", "event:1:2", "event:1:3", "message", "message", "message");
                }
                assertProblem(get(path + "?limit=0"), 400, "INVALID_VALUE");
                assertProblem(get(path + "?cursor=bm9uc2Vuc2U"), 400, "INVALID_VALUE");
            }
            assertThat(json(get("/parked")).get("items").size()).isGreaterThanOrEqualTo(6);
        } finally {
            jdbc.sql("delete from parked_event where processor = 'retired'").update();
            jdbc.sql("delete from parked_message where queue = 'retired'").update();
        }
    }

    /** Rows hold customers' names and addresses, and messages of exceptions are logged. */
    @Test
    void what_a_row_holds_is_no_part_of_the_message_of_a_failed_statement() {
        assertThatThrownBy(() -> jdbc.sql("insert into sample_shelf (shelf, pieces) values (?, null)")
                        .param("17 Secret Street")
                        .update())
                .hasMessageContaining("not-null constraint")
                .hasMessageNotContaining("Secret Street");
    }

    @Test
    void operators_browse_the_stored_events_as_cloud_events() throws Exception {
        gateway.sendAndWait(new PutUpShelf("browsed"));
        gateway.sendAndWait(new PlaceGoods("browsed", 3));

        JsonNode first = json(get("/inventory/events?aggregate=browsed&limit=1"));
        JsonNode event = first.get("items").get(0);
        assertThat(event.get("specversion").asText()).isEqualTo("1.0");
        assertThat(event.get("type").asText()).isEqualTo("waybill.inventory.ShelfPutUp.v1");
        assertThat(event.get("source").asText()).isEqualTo("/waybill/inventory");
        assertThat(event.get("data").get("shelf").asText()).isEqualTo("browsed");

        JsonNode second = json(get("/inventory/events?aggregate=browsed&cursor="
                + first.get("nextCursor").asText()));
        assertThat(second.get("items").get(0).get("data").get("pieces").asInt()).isEqualTo(3);
        JsonNode byType = json(get("/inventory/events?aggregate=browsed&type=waybill.inventory.GoodsPlaced"));
        assertThat(byType.get("items")).hasSize(1);
        assertProblem(get("/inventory/events?after=1%20or%201=1"), 400, "INVALID_VALUE");
        assertProblem(get("/inventory/events?limit=1000"), 400, "INVALID_VALUE");
    }

    @Test
    void operators_see_what_is_parked_and_give_it_up() throws Exception {
        broker.send(
                "",
                NAMESPACE + ".inventory.commands",
                MessageBuilder.withBody("hello".getBytes(UTF_8)).build());
        await().until(() -> count("select count(*) from parked_message where queue like '%.commands'") == 1);

        JsonNode parked = json(get("/parked")).get("items").get(0);
        assertThat(parked.get("queue").asText()).endsWith("inventory.commands");
        String path = "/inventory/parked-messages/" + parked.get("id").asText();

        assertThat(send(HttpRequest.newBuilder(URI.create(url + path)).DELETE()).statusCode())
                .isEqualTo(204);
        assertProblem(send(HttpRequest.newBuilder(URI.create(url + path)).DELETE()), 404, "PARKED_NOT_FOUND");
    }

    @Test
    void what_cannot_be_read_is_counted_and_done_by_all_whom_it_concerns_once_it_is_repaired_and_retried()
            throws Exception {
        // An older revision goes into the stream as it is; that it makes no sense shows when it is read.
        Message poison = withBody(
                dispatched("parcel-poison", "poison", 1), "{\"parcel\":\"parcel-poison\",\"shelf\":[\"poison\"]}");
        poison.getMessageProperties().setHeader("cloudEvents:type", "waybill.shipping.ShipmentDispatched.v1");
        broker.send(NAMESPACE + ".waybill.events", "shipping.shipment-dispatched", poison);
        broker.send(
                NAMESPACE + ".waybill.events", "shipping.shipment-dispatched", dispatched("parcel-sound", "sound", 4));

        await().until(() -> count("select count(*) from sample_shelf where shelf = 'sound' and dispatched = 4") == 1);
        Map<String, String> parked = await().until(() -> parkedEvents("poison"), found -> found.size() == 2);
        assertThat(parked).containsOnlyKeys("inventory.shelves", "inventory.refill");
        for (String processor : parked.keySet()) {
            awaitGauge("waybill.parked.events", "processor", processor, 1);
        }

        jdbc.sql("update event_stream set payload = ? where subject = 'parcel-poison'")
                .param("{\"parcel\":\"parcel-poison\",\"shelf\":\"poison\"}")
                .update();
        // It has used up its own tries.
        jdbc.sql("update parked_event set next_try_at = null, attempts = 10").update();
        for (String id : parked.values()) {
            assertThat(post("/inventory/parked-events/" + id + "/retry", "").statusCode())
                    .isEqualTo(202);
        }

        // The older revision named no pieces, and means one.
        await().until(() -> count("select count(*) from sample_shelf where shelf = 'poison' and dispatched = 1") == 1);
        await().until(() -> parkedEvents("poison").isEmpty());
        assertProblem(
                post("/inventory/parked-events/" + parked.get("inventory.shelves") + "/retry", ""),
                404,
                "PARKED_NOT_FOUND");
    }

    @Test
    void a_message_of_the_next_release_is_counted_and_comes_back_when_it_is_retried_too_early() throws Exception {
        String queue = NAMESPACE + ".inventory.inbox";
        Message early = dispatched("parcel-early", "early", 1);
        early.getMessageProperties().setHeader("cloudEvents:type", "waybill.shipping.ShipmentDispatched.v3");
        broker.send("", queue, early);
        String first = await().until(() -> parkedMessage(queue), id -> !id.isEmpty());
        awaitGauge("waybill.parked.messages", "queue", queue, 1);

        assertThat(post("/inventory/parked-messages/" + first + "/retry", "").statusCode())
                .isEqualTo(202);

        String again = await().until(() -> parkedMessage(queue), id -> !id.isEmpty() && !id.equals(first));
        assertThat(send(HttpRequest.newBuilder(URI.create(url + "/inventory/parked-messages/" + again))
                                .DELETE())
                        .statusCode())
                .isEqualTo(204);
    }

    /** The ids of what is parked of a key, by processor. */
    private static Map<String, String> parkedEvents(String key) throws Exception {
        Map<String, String> ids = new HashMap<>();
        json(get("/parked")).get("items").forEach(item -> {
            if (item.path("partitionKey").asText().equals(key)) {
                assertThat(item.get("cause").asText()).isNotBlank();
                ids.put(item.get("processor").asText(), item.get("id").asText());
            }
        });
        return ids;
    }

    /** The id of the one message from a queue that is parked; empty while there is none. */
    private static String parkedMessage(String queue) throws Exception {
        for (JsonNode item : json(get("/parked")).get("items")) {
            if (item.path("queue").asText().equals(queue)) {
                assertThat(item.get("cause").asText()).contains("revision 3");
                return item.get("id").asText();
            }
        }
        return "";
    }

    private static void awaitGauge(String name, String tag, String value, double wanted) {
        MeterRegistry meters = INSTANCES.get(0).getBean(MeterRegistry.class);
        await().until(() -> meters.get(name).tag(tag, value).gauge().value() == wanted);
    }

    private static HttpResponse<String> replay(String processor, String from) throws Exception {
        return post("/inventory/processors/" + processor + "/replay", "{\"from\":\"" + from + "\"}");
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.header("Authorization", TestTokens.operator()).build(), BodyHandlers.ofString());
    }

    /** Sends what no client library would. */
    private static String raw(String request) throws Exception {
        URI server = URI.create(url);
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(JSON.readTree(response.body()).get("code").asText()).isEqualTo(code);
    }

    /** The first message in the queue whose body says that; other tests' messages are passed by. */
    private static Message receive(String queue, String text) {
        while (true) {
            Message message =
                    Objects.requireNonNull(broker.receive(NAMESPACE + "." + queue, 10_000), "nothing came to " + queue);
            if (new String(message.getBody(), UTF_8).contains(text)) {
                return message;
            }
        }
    }

    private static Message withBody(Message message, String body) {
        return MessageBuilder.withBody(body.getBytes(UTF_8))
                .andProperties(message.getMessageProperties())
                .build();
    }

    private static Message dispatched(String parcel, String shelf, int pieces) {
        return MessageBuilder.withBody("{\"parcel\":\"%s\",\"shelf\":\"%s\",\"pieces\":%d}"
                        .formatted(parcel, shelf, pieces)
                        .getBytes(UTF_8))
                .setHeader("cloudEvents:specversion", "1.0")
                .setHeader("cloudEvents:id", "event-" + parcel)
                .setHeader("cloudEvents:source", "/waybill/shipping")
                .setHeader("cloudEvents:type", "waybill.shipping.ShipmentDispatched.v2")
                .setHeader("cloudEvents:subject", parcel)
                .setHeader("cloudEvents:time", "2026-01-31T12:00:00Z")
                .setHeader("cloudEvents:partitionkey", shelf)
                .build();
    }

    private static void awaitPieces(String shelf, long pieces) {
        await().untilAsserted(() -> assertThat(jdbc.sql("select pieces from sample_shelf where shelf = ?")
                        .param(shelf)
                        .query(Long.class)
                        .optional())
                .contains(pieces));
    }

    private static void awaitMoved(String processor) {
        await().until(() ->
                count("select count(*) from processor_token where position > 1 and processor = '" + processor + "'")
                        == 1);
    }

    private static long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
