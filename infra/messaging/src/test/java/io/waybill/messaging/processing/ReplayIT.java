package io.waybill.messaging.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.waybill.kernel.Event;
import io.waybill.messaging.processing.Processors.Refusal;
import io.waybill.messaging.sample.ParcelEvent.ShipmentDispatched;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import io.waybill.messaging.stream.StreamPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReplayIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("replay");
    private static final String REBUILT = "inventory.rebuilt";
    private static final String LIVE = "inventory.live";
    private static final String ACTING = "inventory.acting";

    private final Deque<ProcessorRig> rigs = new ArrayDeque<>();
    private SampleProcess process;
    private ProcessorRig rig;

    @BeforeEach
    void start() {
        DATABASE.empty();
        process = SampleProcess.started(DATABASE);
        rig = rig(process);
    }

    @AfterEach
    void close() {
        rigs.forEach(ProcessorRig::close);
    }

    private ProcessorRig rig(SampleProcess of) {
        ProcessorRig made = new ProcessorRig(of, Map.of());
        rigs.push(made);
        return made;
    }

    /** Tells the world what happened; it must not do so twice. */
    @DisallowReplay
    static final class Acting {

        private final Queue<String> told = new ConcurrentLinkedQueue<>();

        @EventHandler
        void on(GoodsPlaced event) {
            told.add(event.shelf() + ":" + event.pieces());
        }
    }

    /** A projection one of whose handlers acts. */
    static final class PartlyActing {

        private final Queue<String> told = new ConcurrentLinkedQueue<>();
        private final Queue<String> projected = new ConcurrentLinkedQueue<>();

        @EventHandler
        void on(ShelfPutUp event) {
            projected.add(event.shelf());
        }

        @DisallowReplay
        @EventHandler
        void on(GoodsPlaced event) {
            told.add(event.shelf() + ":" + event.pieces());
        }

        @ResetHandler
        void reset() {
            projected.clear();
        }
    }

    @Test
    void from_the_start_a_projection_is_cleared_and_rebuilt_the_same() {
        rig.create(REBUILT, new Recorder(process, REBUILT)).start();
        process.append(placed("a", 0, 10));
        process.append(new ShipmentDispatched("parcel-1", "a", 1));
        awaitSeen(REBUILT, 11);
        List<String> before = DATABASE.seen(REBUILT);

        assertThat(rig.processors().replayFromStart(REBUILT)).isNull();

        awaitReplayed(REBUILT);
        assertThat(DATABASE.seen(REBUILT)).isEqualTo(before);
        process.append(placed("a", 10, 11));
        awaitSeen(REBUILT, 12);
    }

    @Test
    void a_replay_tells_how_far_it_is_and_that_it_is_over() {
        Gate gate = new Gate();
        AtomicBoolean replaying = new AtomicBoolean();
        rig.create(REBUILT, new Recorder(process, REBUILT, "one", event -> {
                    if (replaying.get() && event.pieces() == 205) {
                        gate.pass();
                    }
                }))
                .start();
        // More than one batch, so that there is something to see on the way.
        process.append(placed("a", 0, 300));
        awaitSeen(REBUILT, 300);
        assertThat(rig.status(REBUILT).replaying()).isNull();

        replaying.set(true);
        assertThat(rig.processors().replayFromStart(REBUILT)).isNull();
        gate.awaitHandler();

        assertThat(rig.status(REBUILT).replaying()).isEqualTo(100);
        assertThat(rig.status(REBUILT).lag()).isEqualTo(100);
        gate.open();
        awaitReplayed(REBUILT);
        assertThat(rig.status(REBUILT).lag()).isZero();
        assertThat(DATABASE.count("sample_seen")).isEqualTo(300);
    }

    @Test
    void from_a_position_only_what_stands_behind_it_is_repeated_and_nothing_is_cleared() {
        rig.create(REBUILT, new Recorder(process, REBUILT)).start();
        rig.processors().declareSafeToReapply(REBUILT);
        process.append(placed("a", 0, 3));
        awaitSeen(REBUILT, 3);
        StreamPosition middle = process.stream().head();
        process.append(placed("a", 3, 5));
        awaitSeen(REBUILT, 5);

        assertThat(rig.processors().replayFrom(REBUILT, middle)).isNull();

        awaitReplayed(REBUILT);
        assertThat(DATABASE.seen(REBUILT)).containsExactly("a:0", "a:1", "a:2", "a:3", "a:4", "a:3", "a:4");
    }

    @Test
    void from_a_position_that_was_not_reached_yet_nothing_is_skipped() {
        Gate gate = new Gate();
        rig.create(REBUILT, new Recorder(process, REBUILT, "one", event -> gate.pass()))
                .start();
        rig.processors().declareSafeToReapply(REBUILT);
        process.append(placed("a", 0, 1));
        gate.awaitHandler();
        process.append(placed("a", 1, 3));

        rig.processors().replayFrom(REBUILT, process.stream().head());
        gate.open();

        process.append(placed("a", 3, 4));
        await().until(() -> DATABASE.seen(REBUILT).contains("a:3"));
        assertThat(DATABASE.seen(REBUILT)).containsExactly("a:0", "a:1", "a:2", "a:3");
    }

    @Test
    void from_a_position_is_refused_where_applying_again_is_not_declared_safe() {
        rig.create(REBUILT, new Recorder(process, REBUILT)).start();
        process.append(placed("a", 0, 3));
        awaitSeen(REBUILT, 3);

        assertThat(rig.processors().replayFrom(REBUILT, StreamPosition.START)).isEqualTo(Refusal.NOT_SAFE_TO_REAPPLY);

        assertStays(REBUILT, 3);
    }

    @Test
    void what_acts_is_never_replayed() {
        Acting acting = new Acting();
        rig.create(ACTING, acting).start();
        rig.processors().declareSafeToReapply(ACTING);
        process.append(placed("a", 0, 3));
        await().until(() -> acting.told.size() == 3);

        assertThat(rig.processors().replayFromStart(ACTING)).isEqualTo(Refusal.NOT_REPLAYABLE);
        assertThat(rig.processors().replayFrom(ACTING, StreamPosition.START)).isEqualTo(Refusal.NOT_REPLAYABLE);

        await().during(300, TimeUnit.MILLISECONDS).until(() -> acting.told.size() == 3);
        assertThat(rig.status(ACTING).replayable()).isFalse();
    }

    @Test
    void what_nobody_knows_is_not_replayed() {
        assertThat(rig.processors().replayFromStart("inventory.nothing")).isEqualTo(Refusal.UNKNOWN_PROCESSOR);
        assertThat(rig.processors().replayFrom("inventory.nothing", StreamPosition.START))
                .isEqualTo(Refusal.UNKNOWN_PROCESSOR);
    }

    @Test
    void a_handler_that_disallows_it_hears_nothing_in_a_replay_to_its_very_end_and_all_that_is_new() {
        PartlyActing handler = new PartlyActing();
        rig.create(REBUILT, handler).start();
        process.append(new ShelfPutUp("a"), GoodsPlaced.on("a", 0));
        process.append(GoodsPlaced.on("a", 1));
        await().until(() -> handler.told.size() == 2);

        assertThat(rig.processors().replayFromStart(REBUILT)).isNull();
        awaitReplayed(REBUILT);
        process.append(GoodsPlaced.on("a", 2));

        await().until(() -> handler.told.contains("a:2"));
        assertThat(handler.told).containsExactly("a:0", "a:1", "a:2");
        assertThat(handler.projected).containsExactly("a");
    }

    @Test
    void what_was_not_heard_before_the_replay_is_not_taken_for_a_repetition() {
        PartlyActing handler = new PartlyActing();
        var processor = rig.create(REBUILT, handler);
        processor.start();
        process.append(GoodsPlaced.on("a", 0));
        await().until(() -> handler.told.size() == 1);
        processor.shutDown();
        process.append(GoodsPlaced.on("a", 1));

        assertThat(rig.processors().replayFromStart(REBUILT)).isNull();
        processor.start();

        await().until(() -> handler.told.contains("a:1"));
        assertThat(handler.told).containsExactly("a:0", "a:1");
    }

    @Test
    void a_replay_from_the_start_takes_parked_events_along() {
        AtomicBoolean broken = new AtomicBoolean(true);
        rig.create(REBUILT, new Recorder(process, REBUILT, "one", event -> {
                    if (broken.get() && event.pieces() == 1) {
                        throw new IllegalStateException("bug");
                    }
                }))
                .start();
        process.append(placed("a", 0, 4));
        await().until(() -> DATABASE.count("parked_event") == 3);
        DATABASE.jdbc().sql("update parked_event set next_try_at = null").update();

        broken.set(false);
        assertThat(rig.processors().replayFromStart(REBUILT)).isNull();

        awaitSeen(REBUILT, 4);
        assertStays(REBUILT, 4);
        assertThat(DATABASE.seen(REBUILT)).containsExactly("a:0", "a:1", "a:2", "a:3");
        assertThat(DATABASE.count("parked_event")).isZero();
    }

    @Test
    void a_batch_in_flight_when_the_replay_begins_does_not_reach_the_cleared_tables() {
        Gate gate = new Gate();
        rig.create(REBUILT, new Recorder(process, REBUILT, "one", event -> {
                    if (event.pieces() == 2) {
                        gate.pass();
                    }
                }))
                .start();
        process.append(placed("a", 0, 2));
        awaitSeen(REBUILT, 2);
        process.append(placed("a", 2, 4));
        gate.awaitHandler();

        assertThat(rig.processors().replayFromStart(REBUILT)).isNull();
        gate.open();

        awaitSeen(REBUILT, 4);
        assertStays(REBUILT, 4);
        assertThat(DATABASE.seen(REBUILT)).containsExactly("a:0", "a:1", "a:2", "a:3");
    }

    @Test
    void what_fails_in_a_batch_only_because_the_tables_were_cleared_meanwhile_is_no_failure() {
        Gate gate = new Gate();
        AtomicInteger rounds = new AtomicInteger();
        rig.create(REBUILT, new Recorder(process, REBUILT, "one", event -> {
                    if (event.pieces() == 0) {
                        rounds.incrementAndGet();
                    } else if (event.pieces() == 2 && rounds.get() == 1) {
                        gate.pass();
                        throw new IllegalStateException("There is no row to change");
                    }
                }))
                .start();
        process.append(placed("a", 0, 2));
        awaitSeen(REBUILT, 2);
        process.append(placed("a", 2, 4));
        gate.awaitHandler();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(StreamProcessor.class);
        log.start();
        logger.setLevel(Level.ERROR);
        logger.addAppender(log);
        try {
            assertThat(rig.processors().replayFromStart(REBUILT)).isNull();
            gate.open();

            awaitSeen(REBUILT, 4);
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
        assertThat(DATABASE.count("parked_event")).isZero();
        assertThat(log.list).noneMatch(event -> event.getLevel() == Level.ERROR);
    }

    @Test
    void any_of_two_processes_can_begin_a_replay_and_each_event_is_applied_once() {
        SampleProcess otherProcess = SampleProcess.started(DATABASE);
        ProcessorRig other = rig(otherProcess);
        Acting acting = new Acting();
        Acting otherActing = new Acting();
        rig.create(ACTING, acting).start();
        other.create(ACTING, otherActing).start();
        rig.create(REBUILT, new Recorder(process, REBUILT, "one", event -> {})).start();
        other.create(REBUILT, new Recorder(otherProcess, REBUILT, "two", event -> {}))
                .start();
        process.append(placed("a", 0, 300));
        awaitSeen(REBUILT, 300);
        List<String> before = DATABASE.seen(REBUILT);

        assertThat(other.processors().replayFromStart(REBUILT)).isNull();
        awaitReplayed(REBUILT);
        assertThat(rig.processors().replayFromStart(REBUILT)).isNull();
        awaitReplayed(REBUILT);

        assertThat(DATABASE.seen(REBUILT)).isEqualTo(before);
        await().untilAsserted(() ->
                assertThat(acting.told.size() + otherActing.told.size()).isEqualTo(300));
        assertStays(REBUILT, 300);
        assertThat(acting.told.size() + otherActing.told.size()).isEqualTo(300);
    }

    @Test
    void while_others_append_a_rebuilt_projection_comes_out_as_the_live_one() throws Exception {
        rig.create(REBUILT, new Recorder(process, REBUILT)).start();
        rig.create(LIVE, new Recorder(process, LIVE)).start();
        SampleProcess otherProcess = SampleProcess.started(DATABASE);
        rig(otherProcess).create(REBUILT, new Recorder(otherProcess, REBUILT)).start();
        int writers = 4;
        int each = 150;
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        try {
            List<Future<Void>> written = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                written.add(pool.submit(writing(writer % 2 == 0 ? process : otherProcess, "shelf-" + writer, each)));
            }
            for (int times = 1; times <= 3; times++) {
                int enough = times * 100;
                await().until(() -> DATABASE.count("event_stream") >= enough);
                assertThat(rig.processors().replayFromStart(REBUILT)).isNull();
            }
            for (Future<Void> one : written) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }

        awaitSeen(LIVE, writers * each);
        awaitReplayed(REBUILT);
        awaitSeen(REBUILT, writers * each);
        assertThat(DATABASE.seen(REBUILT)).isEqualTo(DATABASE.seen(LIVE));
    }

    private static Callable<Void> writing(SampleProcess process, String shelf, int count) {
        return () -> {
            for (int nr = 0; nr < count; nr++) {
                process.append(GoodsPlaced.on(shelf, nr));
            }
            return null;
        };
    }

    private static Event[] placed(String shelf, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(nr -> GoodsPlaced.on(shelf, nr))
                .toArray(Event[]::new);
    }

    private static void awaitSeen(String reader, int count) {
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(DATABASE.seen(reader)).hasSize(count));
    }

    private static void assertStays(String reader, int count) {
        await().during(300, TimeUnit.MILLISECONDS)
                .atMost(5, TimeUnit.SECONDS)
                .until(() -> DATABASE.seen(reader).size() == count);
    }

    private void awaitReplayed(String processor) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> {
            var status = rig.status(processor);
            return status.replaying() == null && status.lag() == 0;
        });
    }
}
