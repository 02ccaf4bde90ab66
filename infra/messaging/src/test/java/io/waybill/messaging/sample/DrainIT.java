package io.waybill.messaging.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.waybill.messaging.WaybillApplication;
import io.waybill.messaging.sample.ShelfCommand.PlaceGoods;
import io.waybill.messaging.sample.ShelfCommand.PutUpShelf;
import io.waybill.testing.TestDatabase;
import io.waybill.testing.TestServers;
import io.waybill.testing.TestTokens;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A context is stopped in good order while the database holds up what it does. It finishes that and begins nothing
 * else; the next process gets the rest, and nothing twice.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DrainIT {

    /** More than four consumers have in hand. */
    private static final int COMMANDS = 120;

    /** More than an inbox has in hand. */
    private static final int EVENTS = 600;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final TestDatabase database = TestServers.freshDatabase("drain");
    private final JdbcClient jdbc = JdbcClient.create(database.dataSource());
    private final String namespace = TestServers.freshNamespace("drain");
    private final String commands = namespace + ".inventory.commands";
    private final String inbox = namespace + ".inventory.inbox";
    private final CachingConnectionFactory connections = SampleBroker.connections();
    private final RabbitTemplate broker = new RabbitTemplate(connections);

    @AfterEach
    void close() {
        connections.destroy();
    }

    @Test
    void commands_under_way_are_carried_out_and_acknowledged_and_the_others_wait_for_the_next_process()
            throws Exception {
        Set<String> all = numbered("shelf", COMMANDS);
        ConfigurableApplicationContext leaving = start();
        try (Gate gate = new Gate()) {
            gate.holdUpShelves(COMMANDS);
            all.forEach(shelf -> broker.send("", commands, putUp(shelf)));
            gate.awaitWaiting(1);
            CompletableFuture<Duration> closing = closing(leaving);
            awaitStopping(leaving, "commandConsumer");
            gate.open();
            assertThat(closing.get(90, TimeUnit.SECONDS)).isLessThan(PATIENCE);
        }
        Set<String> carriedOut = subjects("waybill.inventory.ShelfPutUp");
        Set<String> left = subjectsIn(commands);

        assertThat(carriedOut).isNotEmpty().doesNotContainAnyElementsOf(left);
        assertThat(left).isNotEmpty();
        assertThat(carriedOut.size() + left.size()).isEqualTo(COMMANDS);

        try (ConfigurableApplicationContext next = start()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(subjects("waybill.inventory.ShelfPutUp")).isEqualTo(all));
            assertThat(putUps()).isEqualTo(COMMANDS);
            assertThat(next.isActive()).isTrue();
        }
    }

    @Test
    void events_that_are_being_taken_in_are_acknowledged_and_the_others_wait_for_the_next_process() throws Exception {
        ConfigurableApplicationContext leaving = start();
        try (Gate gate = new Gate()) {
            gate.holdUpParcels(EVENTS);
            numbered("parcel", EVENTS)
                    .forEach(parcel ->
                            broker.send(namespace + ".waybill.events", "shipping.shipment-dispatched", sent(parcel)));
            gate.awaitWaiting(1);
            CompletableFuture<Duration> closing = closing(leaving);
            awaitStopping(leaving, "inbox");
            gate.open();
            assertThat(closing.get(90, TimeUnit.SECONDS)).isLessThan(PATIENCE);
        }
        Set<String> takenIn = subjects("waybill.shipping.ShipmentDispatched");
        assertThat(takenIn).isNotEmpty().hasSizeLessThan(EVENTS);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(messagesIn(inbox)).isEqualTo(EVENTS - takenIn.size()));

        try (ConfigurableApplicationContext next = start()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(count(
                                    "select coalesce(sum(dispatched), 0) from sample_shelf where shelf = 'drained'"))
                            .isEqualTo(EVENTS));
            assertThat(next.isActive()).isTrue();
        }
    }

    @Test
    void a_batch_of_events_under_way_is_finished_and_its_place_is_stored_and_handed_over() throws Exception {
        int pieces = 40;
        ConfigurableApplicationContext leaving = start();
        EventProcessor shelves = leaving.getBean(EventProcessingConfiguration.class)
                .eventProcessor("inventory.shelves")
                .orElseThrow();
        CommandGateway gateway = leaving.getBean(CommandGateway.class);
        gateway.sendAndWait(new PutUpShelf("held"));
        try (Gate gate = new Gate()) {
            gate.holdUpReadModel();
            for (int nr = 0; nr < pieces; nr++) {
                gateway.sendAndWait(new PlaceGoods("held", 1));
            }
            gate.awaitWaiting(1);
            CompletableFuture<Duration> closing = closing(leaving);
            await().atMost(PATIENCE).until(() -> !shelves.isRunning());
            gate.open();
            assertThat(closing.get(90, TimeUnit.SECONDS)).isLessThan(PATIENCE);
        }
        assertThat(pieces("held")).isPositive();
        assertThat(count("select count(*) from processor_token where owner is not null"))
                .isZero();
        assertThat(count("select count(*) from process_instance")).isZero();

        try (ConfigurableApplicationContext next = start()) {
            // It adds up, so an event that is handled twice shows.
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(pieces("held")).isEqualTo(pieces));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(count("select count(*) from sample_seen where reader = 'mail'"))
                            .isEqualTo(pieces));
            assertThat(next.isActive()).isTrue();
        }
    }

    @Test
    void what_does_not_end_is_given_up_after_a_while_and_done_once_by_the_next_process() throws Exception {
        Set<String> all = numbered("shelf", COMMANDS);
        ConfigurableApplicationContext leaving = start();
        try (Gate gate = new Gate()) {
            gate.holdUpShelves(COMMANDS);
            gate.holdUpParcels(EVENTS);
            broker.send(namespace + ".waybill.events", "shipping.shipment-dispatched", sent("parcel-0"));
            gate.awaitWaiting(1);
            all.forEach(shelf -> broker.send("", commands, putUp(shelf)));
            gate.awaitWaiting(2);
            assertThat(closing(leaving).get(90, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(45));
        }
        assertThat(subjectsIn(commands)).isEqualTo(all);

        try (ConfigurableApplicationContext next = start()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(subjects("waybill.inventory.ShelfPutUp")).isEqualTo(all));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(count("select coalesce(sum(dispatched), 0) from sample_shelf"))
                            .isEqualTo(1));
            assertThat(putUps()).isEqualTo(COMMANDS);
            assertThat(next.isActive()).isTrue();
        }
    }

    /** Another transaction, which has what the context's transactions wait for. */
    private final class Gate implements AutoCloseable {

        private final Connection connection = database.dataSource().getConnection();

        Gate() throws SQLException {
            connection.setAutoCommit(false);
        }

        /** Whoever puts one of these shelves up waits whether it is there already. */
        void holdUpShelves(int count) throws SQLException {
            execute("""
                insert into event_stream (source, local, event_id, type, revision, aggregate_type, subject,
                                          sequence_number, partition_key, occurred_at, payload, metadata)
                select 'gate', true, 'shelf-' || nr, 'gate', 1, 'Shelf', 'shelf-' || nr, 0, 'gate', now(), '{}', '{}'
                  from generate_series(0, %d) nr\
                """.formatted(count - 1));
        }

        /** Whoever takes one of these events in waits whether it is there already. */
        void holdUpParcels(int count) throws SQLException {
            execute("""
                insert into event_stream (source, local, event_id, type, revision, subject, partition_key, occurred_at,
                                          payload, metadata)
                select '/waybill/shipping', false, 'event-parcel-' || nr, 'gate', 1, 'gate', 'gate', now(), '{}', '{}'
                  from generate_series(0, %d) nr\
                """.formatted(count - 1));
        }

        void holdUpReadModel() throws SQLException {
            // It takes no transaction id, so the stream goes on.
            execute("lock table sample_shelf in share mode");
        }

        private void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        void awaitWaiting(int count) {
            await().atMost(PATIENCE).until(() -> count("""
                select count(*) from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock'\
                """) >= count);
        }

        void open() throws SQLException {
            connection.rollback();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private ConfigurableApplicationContext start() {
        String[] arguments = Stream.of(
                        database.springProperties(),
                        TestServers.broker().springProperties(),
                        TestTokens.springProperties(),
                        Map.of(
                                "server.port", "0",
                                "management.server.port", "0",
                                "waybill.messaging.namespace", namespace,
                                "waybill.messaging.queue-expiry", "10m",
                                "spring.datasource.hikari.maximum-pool-size", "12",
                                "spring.datasource.hikari.minimum-idle", "2"))
                .flatMap(settings -> settings.entrySet().stream())
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        return WaybillApplication.start(SampleMessages.CONTEXT, SampleApplication.class, arguments);
    }

    /** How long it takes to close. */
    private static CompletableFuture<Duration> closing(ConfigurableApplicationContext context) {
        return CompletableFuture.supplyAsync(() -> {
            long begin = System.nanoTime();
            context.close();
            return Duration.ofNanos(System.nanoTime() - begin);
        });
    }

    private static void awaitStopping(ConfigurableApplicationContext context, String bean) {
        SmartLifecycle consumer = context.getBean(bean, SmartLifecycle.class);
        await().atMost(PATIENCE).until(() -> !consumer.isRunning());
    }

    private static Set<String> numbered(String name, int count) {
        Set<String> all = new HashSet<>();
        IntStream.range(0, count).forEach(nr -> all.add(name + "-" + nr));
        return all;
    }

    private Set<String> subjects(String type) {
        return Set.copyOf(jdbc.sql("select subject from event_stream where type = ?")
                .param(type)
                .query(String.class)
                .list());
    }

    private long putUps() {
        return count("select count(*) from event_stream where type = 'waybill.inventory.ShelfPutUp'");
    }

    private long pieces(String shelf) {
        return count("select coalesce(sum(pieces), 0) from sample_shelf where shelf = '" + shelf + "'");
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    /** What the messages in a queue are about. They stay there. */
    private Set<String> subjectsIn(String queue) {
        List<String> found = Objects.requireNonNull(broker.execute(channel -> peek(channel, queue)));
        assertThat(found).doesNotHaveDuplicates();
        return Set.copyOf(found);
    }

    /** RabbitMQ shows nobody what is in a queue with a single active consumer, but how much it is. */
    private int messagesIn(String queue) {
        return Objects.requireNonNull(
                broker.execute(channel -> channel.queueDeclarePassive(queue).getMessageCount()));
    }

    private static List<String> peek(Channel channel, String queue) throws IOException {
        List<String> found = new ArrayList<>();
        List<Long> tags = new ArrayList<>();
        for (GetResponse got = channel.basicGet(queue, false); got != null; got = channel.basicGet(queue, false)) {
            found.add(String.valueOf(got.getProps().getHeaders().get("cloudEvents:subject")));
            tags.add(got.getEnvelope().getDeliveryTag());
        }
        // One by one, because the embedded broker gives back only the last of many.
        for (long tag : tags) {
            channel.basicNack(tag, false, true);
        }
        return found;
    }

    private static Message putUp(String shelf) {
        return message("{\"shelf\":\"%s\"}".formatted(shelf), "command-" + shelf, "inventory.PutUpShelf.v1", shelf);
    }

    private static Message sent(String parcel) {
        return message(
                "{\"parcel\":\"%s\",\"shelf\":\"drained\",\"pieces\":1}".formatted(parcel),
                "event-" + parcel,
                "shipping.ShipmentDispatched.v2",
                parcel);
    }

    private static Message message(String body, String id, String type, String subject) {
        return MessageBuilder.withBody(body.getBytes(UTF_8))
                .setHeader("cloudEvents:specversion", "1.0")
                .setHeader("cloudEvents:id", id)
                .setHeader("cloudEvents:source", "/waybill/shipping")
                .setHeader("cloudEvents:type", "waybill." + type)
                .setHeader("cloudEvents:subject", subject)
                .setHeader("cloudEvents:time", "2026-01-31T12:00:00Z")
                .setHeader("cloudEvents:partitionkey", subject)
                .build();
    }
}
