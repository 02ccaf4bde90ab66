package io.waybill.messaging.stream;

import static io.waybill.messaging.stream.Reading.payloadsOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.kernel.Event;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleMessages;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The stream's promise: what commits late is neither passed by nor overtaken, and nothing is told twice. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LateCommitIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("late_commit");
    private static final Duration A_WHILE = Duration.ofMillis(250);

    private final SampleProcess process =
            new SampleProcess(DATABASE, SampleMessages.catalogue(), Duration.ofMillis(200));

    @BeforeEach
    void empty() {
        DATABASE.empty();
    }

    @AfterEach
    void close() {
        process.close();
    }

    @Test
    void nothing_is_told_beyond_an_insert_that_has_not_committed_and_then_all_in_order() throws Exception {
        process.stream().start();
        Reading reader = new Reading(process.stream(), 10);
        try (Writer late = new Writer()) {
            late.insert(new ShelfPutUp("first"));
            process.append(new ShelfPutUp("second"));
            process.append(new ShelfPutUp("third"));

            assertThat(payloadsOf(reader.next(A_WHILE))).isEmpty();
            assertThat(trackedReads()).isEmpty();

            late.commit();
        }
        process.append(new ShelfPutUp("fourth"));

        assertThat(reader.payloads(4)).containsExactlyElementsOf(shelves("first", "second", "third", "fourth"));
        assertThat(reader.next(A_WHILE)).isEmpty();
        assertThat(trackedReads()).containsExactlyElementsOf(shelves("first", "second", "third", "fourth"));
    }

    @Test
    void a_transaction_that_began_first_and_inserts_last_comes_first() throws Exception {
        process.stream().start();
        Reading reader = new Reading(process.stream(), 10);
        try (Writer late = new Writer()) {
            late.begin();
            process.append(new ShelfPutUp("second"));
            assertThat(payloadsOf(reader.next(A_WHILE))).isEmpty();

            late.insert(new ShelfPutUp("first"));
            late.commit();
        }

        assertThat(reader.payloads(2)).containsExactlyElementsOf(shelves("first", "second"));
        assertThat(new Reading(process.stream(), 1).payloads(2)).containsExactlyElementsOf(shelves("first", "second"));
        assertThat(trackedReads()).containsExactlyElementsOf(shelves("first", "second"));
    }

    @Test
    void a_transaction_that_is_rolled_back_holds_up_nobody_for_good() throws Exception {
        process.stream().start();
        Reading reader = new Reading(process.stream(), 10);
        try (Writer late = new Writer()) {
            late.insert(new ShelfPutUp("never"));
            process.append(new ShelfPutUp("second"));
            late.rollback();
        }

        assertThat(reader.payloads(1)).containsExactlyElementsOf(shelves("second"));
        assertThat(reader.next(A_WHILE)).isEmpty();
    }

    @Test
    void a_reader_that_starts_amid_open_transactions_misses_nothing_either() throws Exception {
        Reading reader = new Reading(process.stream(), 10);
        process.append(new ShelfPutUp("zeroth"));
        try (Writer late = new Writer()) {
            late.insert(new ShelfPutUp("first"));
            process.append(new ShelfPutUp("second"));
            process.stream().start();

            assertThat(reader.payloads(1)).containsExactlyElementsOf(shelves("zeroth"));
            assertThat(payloadsOf(reader.next(A_WHILE))).isEmpty();

            late.commit();
        }

        assertThat(reader.payloads(2)).containsExactlyElementsOf(shelves("first", "second"));
    }

    @Test
    void four_writers_that_commit_when_they_like_lose_nothing_and_repeat_nothing() throws Exception {
        int writers = 4;
        int each = 500;
        process.stream().start();
        Reading close = new Reading(process.stream(), 500);
        Reading farBehind = new Reading(process.stream(), 7);
        ExecutorService pool = Executors.newFixedThreadPool(writers + 2);
        try {
            Future<List<Object>> readClose = pool.submit(() -> close.payloads(writers * each));
            List<Future<Void>> written = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                written.add(pool.submit(writing(writer, each)));
            }
            Future<List<Object>> readFarBehind = pool.submit(() -> farBehind.payloads(writers * each));
            for (Future<Void> one : written) {
                one.get(60, TimeUnit.SECONDS);
            }

            List<Object> heard = readClose.get(30, TimeUnit.SECONDS);
            assertThat(heard).hasSize(writers * each);
            assertThat(new HashSet<>(heard)).hasSize(writers * each);
            assertThat(close.places()).isSorted().doesNotHaveDuplicates();
            assertThat(readFarBehind.get(30, TimeUnit.SECONDS)).isEqualTo(heard);
            assertThat(close.next(A_WHILE)).isEmpty();
            assertThat(farBehind.next(A_WHILE)).isEmpty();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void a_reader_far_behind_passes_from_the_table_to_memory_without_a_seam() throws Exception {
        process.stream().start();
        // More than what stays in memory.
        for (int block = 0; block < 10; block++) {
            int from = block * 500;
            process.append(IntStream.range(from, from + 500)
                    .mapToObj(nr -> GoodsPlaced.on("a", nr))
                    .toArray(Event[]::new));
        }
        Reading reader = new Reading(process.stream(), 333);

        List<Object> heard = reader.payloads(5_000);

        assertThat(heard)
                .isEqualTo(IntStream.range(0, 5_000)
                        .mapToObj(nr -> GoodsPlaced.on("a", nr))
                        .toList());
        assertThat(reader.places()).isSorted();
    }

    @Test
    void whoever_browses_goes_on_behind_settled_events_only_and_so_misses_none() throws Exception {
        StreamBrowser browser = new StreamBrowser(process.jdbc(), WaybillJson.mapper());
        process.append(new ShelfPutUp("a"));
        try (Writer late = new Writer()) {
            late.insert(GoodsPlaced.on("a", 1));
            process.append(GoodsPlaced.on("a", 2));

            StreamPosition settled = browser.settled();
            List<StoredEvent> history = browser.byPartition("a");
            List<StoredEvent> toGoOnBehind = history.stream()
                    .filter(event -> event.place().compareTo(settled) <= 0)
                    .toList();
            List<StoredEvent> page = browser.find(everything(StreamPosition.START), 10);

            assertThat(history).hasSize(2);
            assertThat(pieces(toGoOnBehind)).containsExactly("");
            assertThat(page).isEqualTo(toGoOnBehind);

            late.commit();

            StreamPosition last = page.getLast().place();
            assertThat(pieces(browser.find(everything(last), 10))).containsExactly("1", "2");
            assertThat(browser.settled()
                            .compareTo(browser.byPartition("a").getLast().place()))
                    .isPositive();
        }
    }

    private static StreamBrowser.Filter everything(StreamPosition after) {
        return new StreamBrowser.Filter(null, null, after);
    }

    private static List<String> pieces(List<StoredEvent> events) {
        return events.stream()
                .map(event -> event.payload().path("pieces").asText())
                .toList();
    }

    /** Writes one event per transaction and dawdles between INSERT and COMMIT: that is what is tried here. */
    private Callable<Void> writing(int writer, int count) {
        return () -> {
            Random random = new Random(writer);
            try (Writer connection = new Writer()) {
                for (int nr = 0; nr < count; nr++) {
                    connection.insert(GoodsPlaced.on("shelf-" + writer, nr));
                    LockSupport.parkNanos(random.nextInt(4_000_000));
                    connection.commit();
                    process.stream().signal();
                }
            }
            return null;
        };
    }

    private List<Object> trackedReads() {
        return process.engine()
                .readEvents(null, false)
                .<Object>map(TrackedEventMessage::getPayload)
                .toList();
    }

    private static List<Object> shelves(String... names) {
        return Arrays.stream(names).<Object>map(ShelfPutUp::new).toList();
    }

    /** Another process: nobody here hears of its commits. */
    private final class Writer implements AutoCloseable {

        private final Connection connection = process.connections().getConnection();
        private final JdbcTemplate jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
        private final PostgresEventStorageEngine engine = new PostgresEventStorageEngine(
                jdbc,
                new EventStream(jdbc, process.serializer(), SampleMessages.upcasters(), A_WHILE),
                process.catalogue(),
                process.serializer(),
                SampleMessages.upcasters());

        Writer() throws SQLException {
            connection.setAutoCommit(false);
        }

        void begin() {
            jdbc.execute("select pg_current_xact_id()");
        }

        void insert(Event event) {
            engine.appendEvents(List.<EventMessage<?>>of(GenericEventMessage.asEventMessage(event)));
        }

        void commit() throws SQLException {
            connection.commit();
        }

        void rollback() throws SQLException {
            connection.rollback();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
