package io.waybill.messaging.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.kernel.Event;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.processing.ProcessorRig;
import io.waybill.messaging.processing.Processors.Refusal;
import io.waybill.messaging.sample.ParcelEvent.ShipmentDispatched;
import io.waybill.messaging.sample.SampleBroker;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleMessages;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfAlarm.StockTakeDue;
import io.waybill.messaging.sample.ShelfEvent;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import io.waybill.messaging.sample.TcpProxy;
import io.waybill.messaging.stream.StoredEvent;
import io.waybill.messaging.stream.StreamBrowser;
import io.waybill.messaging.tracing.Tracing;
import io.waybill.testing.TestBroker;
import io.waybill.testing.TestServers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OutboxIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("outbox");
    private static final TransportRig BROKER = new TransportRig("outbox");
    private static final String HEARS_INVENTORY = BROKER.topology().inbox("order");
    private static final Duration A_WHILE = Duration.ofMillis(400);

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

    /** A process that does nothing but publish. */
    private final class Publishing {

        private final String outbox;
        private final SampleProcess process;
        private final ProcessorRig rig;

        Publishing(MessageCatalogue catalogue, ConnectionFactory connections) {
            outbox = catalogue.context() + ".outbox";
            process = new SampleProcess(DATABASE, catalogue, Duration.ofSeconds(1));
            rig = new ProcessorRig(process);
            open.push(rig);
            process.stream().start();
            rig.create(
                            outbox,
                            new OutboxInvoker(
                                    TransportRig.publisher(connections),
                                    BROKER.topology(),
                                    catalogue,
                                    process.serializer(),
                                    Tracing.off()))
                    .start();
        }

        void awaitPublished() {
            await().untilAsserted(() -> assertThat(rig.status(outbox).lag()).isZero());
        }

        void assertHeldUpBefore(String position) {
            await().until(() -> rig.status(outbox).error());
            await().during(A_WHILE).until(() -> rig.status(outbox).position().equals(position));
        }
    }

    @Test
    void an_event_arrives_on_the_exchange_as_a_cloud_event() {
        Publishing publishing = new Publishing(SampleMessages.catalogue(), BROKER.connections());
        publishing.process.append("a", 4, GoodsPlaced.on("a", 3));

        Message message = BROKER.receive(HEARS_INVENTORY);

        StoredEvent stored = new StreamBrowser(DATABASE.jdbc(), WaybillJson.mapper())
                .byPartition("a")
                .get(0);
        assertThat(message.getMessageProperties().getHeaders())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "cloudEvents:specversion", "1.0",
                        "cloudEvents:id", stored.eventId(),
                        "cloudEvents:source", "/waybill/inventory",
                        "cloudEvents:type", "waybill.inventory.GoodsPlaced.v2",
                        "cloudEvents:subject", "a",
                        "cloudEvents:time", stored.occurredAt().toString(),
                        "cloudEvents:sequence", "4",
                        "cloudEvents:partitionkey", "a",
                        "cloudEvents:position", stored.place().toString()));
        assertThat(message.getMessageProperties().getReceivedRoutingKey()).isEqualTo("inventory.goods-placed");
        assertThat(message.getMessageProperties().getContentType()).isEqualTo("application/json");
        assertThat(message.getMessageProperties().getMessageId()).isEqualTo(stored.eventId());
        assertThat(message.getMessageProperties().getReceivedDeliveryMode()).isEqualTo(MessageDeliveryMode.PERSISTENT);
        assertThat(new String(message.getBody(), UTF_8)).isEqualTo("{\"shelf\":\"a\",\"pieces\":3,\"unit\":\"PIECE\"}");
    }

    @Test
    void only_own_events_are_published_and_in_the_order_of_the_stream() {
        Publishing publishing = new Publishing(SampleMessages.catalogue(), BROKER.connections());
        publishing.process.append(
                new StockTakeDue("a"), new ShelfPutUp("a"), new ShipmentDispatched("parcel-1", "a", 1));
        publishing.process.append(placed(0, 250));

        publishing.awaitPublished();

        assertThat(BROKER.receive(HEARS_INVENTORY).getMessageProperties().getReceivedRoutingKey())
                .isEqualTo("inventory.shelf-put-up");
        assertThat(received(250)).isEqualTo(pieces(0, 250));
        assertThat(BROKER.rest(HEARS_INVENTORY)).isEmpty();
    }

    @Test
    void while_the_broker_is_away_the_position_stays_and_afterwards_nothing_is_missing() {
        TestBroker broker = TestServers.broker();
        TcpProxy way = new TcpProxy(broker.host(), broker.port());
        open.add(way);
        CachingConnectionFactory connections = SampleBroker.connections(way.host(), way.port());
        open.add(connections::destroy);
        Publishing publishing = new Publishing(SampleMessages.catalogue(), connections);

        publishing.process.append(placed(0, 10));
        publishing.assertHeldUpBefore("0:0");
        assertThat(BROKER.isEmpty(HEARS_INVENTORY)).isTrue();
        way.mend();
        publishing.awaitPublished();
        assertThat(received(10)).isEqualTo(pieces(0, 10));

        String reached = publishing.rig.status(publishing.outbox).position();
        way.cut();
        publishing.process.append(placed(10, 20));
        publishing.assertHeldUpBefore(reached);
        way.mend();
        publishing.awaitPublished();
        assertThat(received(10)).isEqualTo(pieces(10, 20));
        assertThat(publishing.rig.processors().parked(0, 10)).isEmpty();
        assertThat(publishing.rig.status(publishing.outbox).error()).isFalse();
    }

    @Test
    void an_event_that_someone_hears_waits_until_the_broker_can_route_it() {
        BROKER.deleteQueue(HEARS_INVENTORY);
        Publishing publishing = new Publishing(SampleMessages.catalogue(), BROKER.connections());
        publishing.process.append(placed(0, 3));
        publishing.assertHeldUpBefore("0:0");

        BROKER.declare();

        publishing.awaitPublished();
        // What was sent together with a refused message may come again: it has the same id.
        assertThat(received(3)).isEqualTo(pieces(0, 3));
    }

    @Test
    void an_event_that_nobody_hears_is_no_failure() {
        MessageCatalogue unheard =
                MessageCatalogue.of("order").events(ShelfEvent.class).build();
        Publishing publishing = new Publishing(unheard, BROKER.connections());

        publishing.process.append(placed(0, 3));

        publishing.awaitPublished();
        assertThat(publishing.rig.status(publishing.outbox).error()).isFalse();
        assertThat(BROKER.isEmpty(HEARS_INVENTORY)).isTrue();
    }

    @Test
    void two_processes_publish_each_event_once() {
        Publishing one = new Publishing(SampleMessages.catalogue(), BROKER.connections());
        Publishing two = new Publishing(SampleMessages.catalogue(), BROKER.connections());
        for (int nr = 0; nr < 50; nr++) {
            (nr % 2 == 0 ? one : two).process.append(placed(nr, nr + 1));
        }

        one.awaitPublished();

        assertThat(received(50)).isEqualTo(pieces(0, 50));
        assertThat(BROKER.rest(HEARS_INVENTORY)).isEmpty();
    }

    @Test
    void the_outbox_is_never_replayed() {
        Publishing publishing = new Publishing(SampleMessages.catalogue(), BROKER.connections());
        publishing.process.append(placed(0, 3));
        publishing.awaitPublished();

        assertThat(publishing.rig.processors().replayFromStart(publishing.outbox))
                .isEqualTo(Refusal.NOT_REPLAYABLE);

        assertThat(publishing.rig.status(publishing.outbox).lag()).isZero();
    }

    private static Event[] placed(int from, int to) {
        return IntStream.range(from, to).mapToObj(nr -> GoodsPlaced.on("a", nr)).toArray(Event[]::new);
    }

    private static List<String> pieces(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(nr -> "{\"shelf\":\"a\",\"pieces\":" + nr + ",\"unit\":\"PIECE\"}")
                .toList();
    }

    private static List<String> received(int count) {
        List<String> bodies = new ArrayList<>();
        for (int nr = 0; nr < count; nr++) {
            bodies.add(new String(BROKER.receive(HEARS_INVENTORY).getBody(), UTF_8));
        }
        return bodies;
    }
}
