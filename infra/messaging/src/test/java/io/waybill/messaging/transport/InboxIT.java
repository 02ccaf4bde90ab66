package io.waybill.messaging.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.sample.SampleBroker;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.stream.ForeignEvents;
import io.waybill.messaging.tracing.Tracing;
import io.waybill.messaging.transport.CloudEvents.Envelope;
import io.waybill.messaging.transport.ParkedMessages.ParkedMessage;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class InboxIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("inbox");
    private static final TransportRig BROKER = new TransportRig("inbox");
    private static final String QUEUE = BROKER.topology().inbox("inventory");

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @BeforeEach
    void empty() {
        DATABASE.empty();
        BROKER.empty();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @AfterAll
    static void tidy() {
        BROKER.close();
    }

    /** A process that does nothing but take events in. */
    private final class Taking {

        private final SampleProcess process = SampleProcess.appending(DATABASE);
        private final CachingConnectionFactory connections = SampleBroker.connections();
        private final ParkedMessages parked =
                new ParkedMessages(process.jdbc(), "inventory", TransportRig.publisher(connections));
        private final Inbox inbox = new Inbox(
                connections,
                QUEUE,
                new ForeignEvents(process.jdbcTemplate(), process.stream()),
                parked,
                process.transactions(),
                process.catalogue(),
                WaybillJson.mapper(),
                Tracing.off());

        Taking started() {
            open.push(this::stop);
            inbox.start();
            return this;
        }

        void stop() {
            inbox.stop();
            connections.destroy();
            process.close();
        }
    }

    @Test
    void what_others_tell_is_appended_in_their_order_for_the_own_readers() {
        new Taking().started();

        // More than the broker hands out without acknowledgements.
        IntStream.range(0, 1_200)
                .forEach(nr -> BROKER.publish("shipping.shipment-dispatched", dispatched("event-" + nr)));

        awaitStored(1_200);
        assertThat(storedIds())
                .isEqualTo(
                        IntStream.range(0, 1_200).mapToObj(nr -> "event-" + nr).toList());
        assertThat(DATABASE.jdbc().sql("""
            select distinct source || ' ' || type || ' ' || revision || ' ' || subject || ' '
                   || partition_key || ' ' || sequence_number || ' ' || local
              from event_stream\
            """).query(String.class).list())
                .containsExactly("/waybill/shipping waybill.shipping.ShipmentDispatched 2 parcel-1 a 7 false");
        await().until(() -> BROKER.isEmpty(QUEUE));
    }

    @Test
    void an_event_that_is_delivered_twice_is_stored_once() {
        BROKER.send(QUEUE, dispatched("event-1"));
        BROKER.send(QUEUE, dispatched("event-1"));
        new Taking().started();
        awaitStored(1);

        BROKER.send(QUEUE, dispatched("event-1"));
        BROKER.send(QUEUE, dispatched("event-2"));

        awaitStored(2);
        await().until(() -> BROKER.isEmpty(QUEUE));
        assertThat(DATABASE.count("parked_message")).isZero();
    }

    @Test
    void an_event_without_a_sequence_is_taken_too() {
        Message message = dispatched("event-1");
        message.getMessageProperties().getHeaders().remove("cloudEvents:sequence");
        BROKER.send(QUEUE, message);

        new Taking().started();

        awaitStored(1);
    }

    @Test
    void an_older_revision_is_taken_as_it_is() {
        Message message = with("type", "waybill.shipping.ShipmentDispatched.v1", "{\"parcel\":\"p\",\"shelf\":\"a\"}");
        BROKER.send(QUEUE, message);

        new Taking().started();

        awaitStored(1);
        assertThat(DATABASE.jdbc()
                        .sql("select revision from event_stream")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                Arguments.of(
                        "garbage",
                        MessageBuilder.withBody("hello".getBytes(UTF_8)).build()),
                Arguments.of(
                        "an empty message", MessageBuilder.withBody(new byte[0]).build()),
                Arguments.of("an unknown type", with("type", "waybill.shipping.Nothing.v1")),
                Arguments.of("a type of its own", with("type", "waybill.inventory.ShelfPutUp.v1")),
                Arguments.of("a newer revision", with("type", "waybill.shipping.ShipmentDispatched.v3")),
                Arguments.of("a wrong source", with("source", "/waybill/payment")),
                Arguments.of("a time that no database knows", with("time", "+1000000000-12-31T23:59:59Z")),
                Arguments.of("a body that is no UTF-8", body(new byte[] {'{', (byte) 0xff, '}'})),
                Arguments.of("a body that is too large", body(new byte[(1 << 20) + 1])),
                Arguments.of("a body that is no JSON", body("{\"parcel\":")),
                Arguments.of("a body of another form", body("{\"parcel\":\"p\",\"shelf\":\"a\",\"pieces\":\"many\"}")),
                Arguments.of("a body with a zero character", body("{\"parcel\":\"\0\"}")),
                Arguments.of("nothing as a body", body("null")),
                Arguments.of(
                        "nothing as a body of an older revision",
                        with("type", "waybill.shipping.ShipmentDispatched.v1", "null")),
                Arguments.of("a body that is nested without end", body("[".repeat(5_000))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void what_cannot_be_read_is_parked_with_its_cause_and_the_others_go_on(String what, Message message) {
        BROKER.send(QUEUE, dispatched("event-1"));
        BROKER.send(QUEUE, message);
        BROKER.send(QUEUE, dispatched("event-2"));

        Taking taking = new Taking().started();

        awaitStored(2);
        await().until(() -> DATABASE.count("parked_message") == 1);
        ParkedMessage parked = taking.parked.list(0, 10).get(0);
        assertThat(parked.queue()).isEqualTo(QUEUE);
        assertThat(parked.cause()).isNotBlank().isNotEqualTo("null");
        await().until(() -> BROKER.isEmpty(QUEUE));
        assertThat(DATABASE.count("event_stream")).as(what).isEqualTo(2);
    }

    @Test
    void all_of_them_at_once_park_each_and_lose_none_of_the_good_ones() {
        List<Message> bad = hostile().map(each -> (Message) each.get()[1]).toList();
        List<Message> all = new ArrayList<>();
        for (int nr = 0; nr < bad.size(); nr++) {
            all.add(dispatched("event-" + nr));
            all.add(bad.get(nr));
        }
        all.forEach(message -> BROKER.send(QUEUE, message));

        new Taking().started();

        awaitStored(bad.size());
        await().until(() -> DATABASE.count("parked_message") == bad.size());
    }

    @Test
    void what_was_parked_is_kept_as_it_came() {
        BROKER.send(QUEUE, with("source", "/waybill/payment"));

        new Taking().started();

        await().until(() -> DATABASE.count("parked_message") == 1);
        assertThat(DATABASE.jdbc()
                        .sql("select convert_from(body, 'UTF8') from parked_message")
                        .query(String.class)
                        .single())
                .isEqualTo(BODY);
        assertThat(DATABASE.jdbc()
                        .sql("select headers from parked_message")
                        .query(String.class)
                        .single())
                .contains("cloudEvents:source", "/waybill/payment");
        assertThat(DATABASE.jdbc()
                        .sql("select message_id from parked_message")
                        .query(String.class)
                        .single())
                .isEqualTo("event-0");
    }

    @Test
    void a_parked_message_goes_back_behind_those_of_its_key_that_were_parked_before_it() {
        // More than go back in one batch.
        int each = 60;
        for (int nr = 0; nr < each; nr++) {
            BROKER.send(QUEUE, ofTheNextRelease("a-" + nr, "a"));
            BROKER.send(QUEUE, ofTheNextRelease("b-" + nr, "b"));
        }
        Taking taking = new Taking().started();
        await().until(() -> DATABASE.count("parked_message") == 2L * each);
        // The next release is there.
        DATABASE.jdbc()
                .sql("update parked_message set headers = replace(headers, '.v3', '.v2')")
                .update();
        List<ParkedMessage> parked = taking.parked.list(0, 200).stream()
                .filter(message -> "a".equals(message.partitionKey()))
                .toList();

        assertThat(taking.parked.retry(Long.parseLong(parked.get(each - 2).id())))
                .isTrue();

        awaitStored(each - 1);
        assertThat(storedIds())
                .isEqualTo(
                        IntStream.range(0, each - 1).mapToObj(nr -> "a-" + nr).toList());
        assertThat(DATABASE.count("parked_message")).isEqualTo(each + 1);
        assertThat(taking.parked.retry(Long.parseLong(parked.getFirst().id()))).isFalse();
    }

    @Test
    void a_parked_message_that_names_no_key_goes_back_alone() {
        for (String id : List.of("event-1", "event-2")) {
            Message message = dispatched(id);
            message.getMessageProperties().setHeader("cloudEvents:partitionkey", "a".repeat(5_000));
            BROKER.send(QUEUE, message);
        }
        Taking taking = new Taking().started();
        await().until(() -> DATABASE.count("parked_message") == 2);
        List<ParkedMessage> parked = taking.parked.list(0, 10);
        assertThat(parked).extracting(ParkedMessage::partitionKey).containsOnlyNulls();

        assertThat(taking.parked.retry(Long.parseLong(parked.getLast().id()))).isTrue();

        // It is parked once more.
        await().untilAsserted(() -> assertThat(taking.parked.list(0, 10))
                .extracting(ParkedMessage::messageId)
                .containsExactly("event-1", "event-2"));
        assertThat(taking.parked.list(0, 10)).first().isEqualTo(parked.getFirst());
    }

    @Test
    void nothing_is_acknowledged_before_the_commit() throws Exception {
        Taking dying = new Taking();
        try (HikariDataSource pool = DATABASE.pool();
                Connection lock = pool.getConnection()) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("lock table event_stream in exclusive mode");
            BROKER.send(QUEUE, dispatched("event-1"));
            dying.inbox.start();
            awaitInsertBlocked();

            // The process loses its database in the middle, tries again, and then dies itself.
            cutInsert();
            awaitInsertBlocked();
            dying.inbox.stop();
            dying.connections.destroy();
            cutInsert();
            dying.process.close();
            lock.rollback();
        }
        assertThat(DATABASE.count("event_stream")).isZero();

        new Taking().started();

        awaitStored(1);
        await().until(() -> BROKER.isEmpty(QUEUE));
    }

    @Test
    void reconnecting_while_the_database_is_held_up_makes_no_more_of_them_wait_than_the_broker_hands_out()
            throws Exception {
        IntStream.range(0, 1_200)
                .forEach(nr -> BROKER.publish("shipping.shipment-dispatched", dispatched("event-" + nr)));
        Taking taking;
        try (HikariDataSource pool = DATABASE.pool();
                Connection lock = pool.getConnection()) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("lock table event_stream in exclusive mode");
            taking = new Taking().started();
            awaitInsertBlocked();
            for (int reconnects = 0; reconnects < 3; reconnects++) {
                // What is being taken in waits no more.
                await().until(() -> taking.inbox.waiting() >= 300);
                taking.connections.resetConnection();
                await().until(() -> taking.inbox.waiting() == 500);
            }
            await().during(300, TimeUnit.MILLISECONDS).until(() -> taking.inbox.waiting() <= 500);
            lock.rollback();
        }

        awaitStored(1_200);
        await().until(() -> BROKER.isEmpty(QUEUE));
        assertThat(storedIds())
                .isEqualTo(
                        IntStream.range(0, 1_200).mapToObj(nr -> "event-" + nr).toList());
    }

    private static void awaitInsertBlocked() {
        await().until(() -> !blocked().isEmpty());
    }

    private static void cutInsert() {
        List<Integer> cut = blocked();
        cut.forEach(pid -> DATABASE.jdbc()
                .sql("select pg_terminate_backend(?)")
                .param(pid)
                .query(Boolean.class)
                .single());
        await().until(() -> blocked().stream().noneMatch(cut::contains));
    }

    private static List<Integer> blocked() {
        return DATABASE.jdbc().sql("""
            select pid from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock'
               and query like 'insert into event_stream%'\
            """).query(Integer.class).list();
    }

    private static final String BODY = "{\"parcel\":\"parcel-1\",\"shelf\":\"a\",\"pieces\":2}";

    private static Message dispatched(String id) {
        return CloudEvents.toMessage(new Envelope(
                id,
                "/waybill/shipping",
                "waybill.shipping.ShipmentDispatched",
                2,
                "parcel-1",
                Instant.EPOCH,
                7L,
                "a",
                BODY));
    }

    private static Message with(String attribute, String value) {
        return with(attribute, value, BODY);
    }

    private static Message with(String attribute, String value, String body) {
        Message message = body(body);
        message.getMessageProperties().setHeader("cloudEvents:" + attribute, value);
        return message;
    }

    private static Message ofTheNextRelease(String id, String key) {
        Message message = dispatched(id);
        message.getMessageProperties().setHeader("cloudEvents:type", "waybill.shipping.ShipmentDispatched.v3");
        message.getMessageProperties().setHeader("cloudEvents:partitionkey", key);
        return message;
    }

    private static Message body(String body) {
        return body(body.getBytes(UTF_8));
    }

    private static Message body(byte[] body) {
        return MessageBuilder.withBody(body)
                .andProperties(dispatched("event-0").getMessageProperties())
                .build();
    }

    private static List<String> storedIds() {
        return DATABASE.jdbc()
                .sql("select event_id from event_stream order by transaction_id, position")
                .query(String.class)
                .list();
    }

    private static void awaitStored(long count) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(DATABASE.count("event_stream")).isEqualTo(count));
    }
}
