package io.waybill.messaging.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.kernel.Event;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleMessages;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import io.waybill.messaging.stream.EventStream;
import io.waybill.messaging.stream.PostgresEventStorageEngine;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.PostgresTokenTableFactory;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.serialization.json.JacksonSerializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A writer is stopped between INSERT and COMMIT, as SIGSTOP does it, while others write on and consumers come and go;
 * then it wakes and commits. The same story is told to Axon's own JDBC engine and processor, which lose the event: this
 * is why Waybill has its own.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StoppedWriterIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("stopped_writer");

    /** How long the writer is stopped; with {@code 65s} Axon's engine has its own gap time-out. */
    private static final Duration STOPPED =
            Duration.parse("PT" + System.getProperty("waybill.stopped", "1s").toUpperCase(Locale.ROOT));

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** More than the farthest gap that Axon's engine remembers, which is 10,000 by default. */
    private static final int MANY = 10_200;

    private static final GoodsPlaced BEFORE = GoodsPlaced.on("a", 1);
    private static final GoodsPlaced LATE = GoodsPlaced.on("a", 2);
    private static final GoodsPlaced MEANWHILE = GoodsPlaced.on("a", 3);
    private static final GoodsPlaced AFTER = GoodsPlaced.on("a", 4);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @BeforeEach
    void empty() {
        DATABASE.empty();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    /** Where events are written. */
    private interface Store {

        /** Appends in a transaction of its own. */
        void append(Event... events);

        /** Inserts and leaves the commit to the connection's owner. */
        void insert(Event event, SingleConnectionDataSource connection);
    }

    /** One who has inserted and is stopped; nothing of it moves until it commits. */
    private final class Writer implements AutoCloseable {

        private final Connection connection;

        Writer(Store store, Event event) throws SQLException {
            SampleProcess process = opened(SampleProcess.appending(DATABASE));
            connection = process.connections().getConnection();
            connection.setAutoCommit(false);
            store.insert(event, new SingleConnectionDataSource(connection, true));
        }

        void wake() throws SQLException {
            connection.commit();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    @Nested
    class Waybill {

        @Test
        void tells_every_consumer_every_event_once_and_in_order() throws Exception {
            OwnStore store = new OwnStore();
            EventProcessor steady = store.consumer("steady");
            EventProcessor restarted = store.consumer("restarted");
            store.append(BEFORE);
            awaitHeard("steady", BEFORE);
            awaitHeard("restarted", BEFORE);
            try (Writer writer = new Writer(store, LATE)) {
                load(store, MANY);
                store.append(MEANWHILE);
                restarted.shutDown();
                store.consumer("newcomer");
                new OwnStore().consumer("elsewhere");
                restarted.start();

                // Nobody is told what stands behind it.
                await().during(STOPPED)
                        .atMost(STOPPED.plus(PATIENCE))
                        .untilAsserted(() -> assertThat(heard("steady")).containsExactly(said(BEFORE)));
                assertThat(heard("restarted")).containsExactly(said(BEFORE));
                writer.wake();
            }
            store.append(AFTER);

            for (String name : List.of("steady", "restarted", "newcomer", "elsewhere")) {
                awaitHeard(name, BEFORE, LATE, MEANWHILE, AFTER);
            }
            assertThat(steady.isRunning()).isTrue();
        }
    }

    @Nested
    class Axons_own_reader {

        @Test
        void passes_it_by_when_ten_thousand_others_come_meanwhile() throws Exception {
            AxonStore store = new AxonStore(JdbcEventStorageEngine.builder());
            var steady = store.consumer("steady");
            store.append(BEFORE);
            awaitHeard("steady", BEFORE);
            try (Writer writer = new Writer(store, LATE)) {
                load(store, MANY);
                store.append(MEANWHILE);
                awaitHeard("steady", BEFORE, MEANWHILE);
                writer.wake();
            }
            store.append(AFTER);

            awaitHeard("steady", BEFORE, MEANWHILE, AFTER);
            assertThat(steady.isRunning()).isTrue();
        }

        @Test
        void passes_it_by_when_it_starts_once_its_gap_timeout_is_over() throws Exception {
            // As it is by default, where there is time to wait for it.
            JdbcEventStorageEngine.Builder engine = JdbcEventStorageEngine.builder();
            AxonStore store = new AxonStore(
                    STOPPED.compareTo(Duration.ofSeconds(60)) > 0
                            ? engine
                            : engine.gapTimeout((int) STOPPED.dividedBy(2).toMillis()));
            store.append(BEFORE);
            try (Writer writer = new Writer(store, LATE)) {
                store.append(MEANWHILE);
                Instant end = Instant.now().plus(STOPPED);
                await().atMost(STOPPED.plus(PATIENCE)).until(() -> Instant.now().isAfter(end));
                store.consumer("newcomer");
                awaitHeard("newcomer", BEFORE, MEANWHILE);
                writer.wake();
            }
            store.append(AFTER);

            awaitHeard("newcomer", BEFORE, MEANWHILE, AFTER);
        }
    }

    /** Others write what no consumer here concerns, two at a time. */
    private static void load(Store store, int events) throws Exception {
        int block = 300;
        ExecutorService writers = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> blocks = new ArrayList<>();
            for (int from = 0; from < events; from += block) {
                Event[] some = IntStream.range(from, from + block)
                        .mapToObj(nr -> new ShelfPutUp("shelf-" + nr))
                        .toArray(Event[]::new);
                blocks.add(writers.submit(() -> store.append(some)));
            }
            for (Future<?> one : blocks) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            writers.shutdownNow();
        }
    }

    private static String said(GoodsPlaced event) {
        return event.shelf() + ":" + event.pieces();
    }

    private static List<String> heard(String consumer) {
        return DATABASE.seen(consumer);
    }

    private static void awaitHeard(String consumer, GoodsPlaced... events) {
        List<String> all = Arrays.stream(events).map(StoppedWriterIT::said).toList();
        await(consumer)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(heard(consumer)).isEqualTo(all));
    }

    private static List<EventMessage<?>> messages(Event... events) {
        return Arrays.stream(events)
                .<EventMessage<?>>map(GenericEventMessage::asEventMessage)
                .toList();
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.push(one);
        return one;
    }

    /** A process of Waybill's. */
    private final class OwnStore implements Store {

        private final SampleProcess process = SampleProcess.started(DATABASE);
        private final ProcessorRig rig = opened(new ProcessorRig(process));

        @Override
        public void append(Event... events) {
            process.append(events);
        }

        @Override
        public void insert(Event event, SingleConnectionDataSource connection) {
            JdbcTemplate jdbc = new JdbcTemplate(connection);
            new PostgresEventStorageEngine(
                            jdbc,
                            new EventStream(jdbc, process.serializer(), SampleMessages.upcasters(), STOPPED),
                            process.catalogue(),
                            process.serializer(),
                            SampleMessages.upcasters())
                    .appendEvents(messages(event));
        }

        /** Starts a processor that has never run, and writes down what it hears. */
        EventProcessor consumer(String name) {
            EventProcessor processor = rig.create(name, new Recorder(process, name));
            processor.start();
            return processor;
        }
    }

    /** A process with what Axon brings along for JDBC. */
    private final class AxonStore implements Store {

        private final SampleProcess process = SampleProcess.appending(DATABASE);
        private final ConnectionProvider connections = new UnitOfWorkAwareConnectionProviderWrapper(
                new SpringDataSourceConnectionProvider(process.connections()));
        private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
        private final EmbeddedEventStore store;
        private final JdbcTokenStore tokens;

        AxonStore(JdbcEventStorageEngine.Builder settings) {
            open.push(process);
            open.push(threads::shutdownNow);
            DATABASE.jdbc()
                    .sql("drop table if exists DomainEventEntry, SnapshotEventEntry, TokenEntry")
                    .update();
            JdbcEventStorageEngine engine = engine(settings, connections, process.transactions());
            engine.createSchema(PostgresEventTableFactory.INSTANCE);
            store = EmbeddedEventStore.builder().storageEngine(engine).build();
            open.push(store::shutDown);
            tokens = JdbcTokenStore.builder()
                    .connectionProvider(connections)
                    .serializer(JacksonSerializer.defaultSerializer())
                    .build();
            tokens.createSchema(PostgresTokenTableFactory.INSTANCE);
        }

        private static JdbcEventStorageEngine engine(
                JdbcEventStorageEngine.Builder settings, ConnectionProvider connections, TransactionManager manager) {
            return settings.connectionProvider(connections)
                    .transactionManager(manager)
                    .eventSerializer(JacksonSerializer.defaultSerializer())
                    .snapshotSerializer(JacksonSerializer.defaultSerializer())
                    .build();
        }

        @Override
        public void append(Event... events) {
            process.transactions().executeInTransaction(() -> store.publish(messages(events)));
        }

        @Override
        public void insert(Event event, SingleConnectionDataSource connection) {
            engine(JdbcEventStorageEngine.builder(), connection::getConnection, NoTransactionManager.instance())
                    .appendEvents(messages(event));
        }

        /** Starts a processor that has never run, and writes down what it hears. */
        EventProcessor consumer(String name) {
            EventProcessor processor = PooledStreamingEventProcessor.builder()
                    .name(name)
                    .eventHandlerInvoker(SimpleEventHandlerInvoker.builder()
                            .eventHandlers(new Recorder(process, name))
                            .listenerInvocationErrorHandler(PropagatingErrorHandler.instance())
                            .build())
                    .errorHandler(PropagatingErrorHandler.instance())
                    .messageSource(store)
                    .tokenStore(tokens)
                    .transactionManager(process.transactions())
                    .coordinatorExecutor(threads)
                    .workerExecutor(threads)
                    .initialSegmentCount(1)
                    .batchSize(100)
                    .build();
            open.push(processor::shutDown);
            processor.start();
            return processor;
        }
    }
}
