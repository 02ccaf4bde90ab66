package io.waybill.messaging.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.kernel.Event;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleMessages;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import io.waybill.messaging.stream.EventStream;
import io.waybill.messaging.stream.PostgresEventStorageEngine;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * What the processors' statements say is needed, and would be missed: each story ends right as they are, and wrong when
 * one of them leaves something out.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PlantedDefectsIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("planted_defects");
    private static final String NAME = "inventory.recorder";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final UnaryOperator<String> SOUND = UnaryOperator.identity();
    private static final UnaryOperator<String> WITHOUT_LOOKING_FOR_RUNNING_TRANSACTIONS =
            leavingOut("transaction_id < pg_snapshot_xmin(pg_current_snapshot()) as settled", "true as settled");
    private static final UnaryOperator<String> WITHOUT_LOOKING_FOR_THE_CLAIM = leavingOut("epoch = ?", "epoch > 0 * ?");
    private static final UnaryOperator<String> WITHOUT_LOOKING_FOR_PARKED_KEYS =
            leavingOut("from parked_event where processor", "from parked_event where false and processor");

    private final Deque<ProcessorRig> rigs = new ArrayDeque<>();

    /** After each story; a test tells several. */
    @BeforeEach
    @AfterEach
    void end() {
        rigs.forEach(ProcessorRig::close);
        rigs.clear();
        DATABASE.empty();
    }

    @Test
    void a_reader_that_goes_beyond_running_transactions_loses_what_they_commit() throws Exception {
        assertThat(heardOfALateCommit(SOUND)).containsExactly("a:1", "a:2", "a:3");
        assertThat(heardOfALateCommit(WITHOUT_LOOKING_FOR_RUNNING_TRANSACTIONS)).containsExactly("a:2", "a:3");
    }

    @Test
    void a_process_that_lost_its_claim_and_does_not_look_handles_events_a_second_time() {
        assertThat(heardWhenAClaimIsLost(SOUND)).containsExactly("a:1", "a:2");
        assertThat(heardWhenAClaimIsLost(WITHOUT_LOOKING_FOR_THE_CLAIM))
                .containsExactlyInAnyOrder("a:1", "a:2", "a:1", "a:2");
    }

    @Test
    void a_process_that_does_not_look_for_parked_keys_handles_events_out_of_order() {
        assertThat(heardWhenTheFirstIsParked(SOUND)).containsExactly("a:1", "a:2");
        assertThat(heardWhenTheFirstIsParked(WITHOUT_LOOKING_FOR_PARKED_KEYS)).containsExactly("a:2");
    }

    /** One writes first and commits last; another comes in between, and one comes after. */
    private List<String> heardOfALateCommit(UnaryOperator<String> change) throws Exception {
        end();
        Instance instance = new Instance(change, event -> {});
        instance.processor.start();
        SampleProcess other = instance.process;
        try (Connection late = other.connections().getConnection()) {
            late.setAutoCommit(false);
            JdbcTemplate jdbc = new JdbcTemplate(new SingleConnectionDataSource(late, true));
            new PostgresEventStorageEngine(
                            jdbc,
                            new EventStream(jdbc, other.serializer(), SampleMessages.upcasters(), PATIENCE),
                            other.catalogue(),
                            other.serializer(),
                            SampleMessages.upcasters())
                    .appendEvents(List.of(GenericEventMessage.asEventMessage(placed(1))));
            other.append(placed(2));
            // Either it is heard, or it waits.
            boolean waits = change.equals(SOUND);
            await().atMost(PATIENCE).until(() -> waits || heard().contains("a:2"));
            late.commit();
        }
        other.append(placed(3));
        await().atMost(PATIENCE).until(() -> heard().contains("a:3"));
        return heard();
    }

    /** A process is in the middle of a batch when another one is given its segment. */
    private List<String> heardWhenAClaimIsLost(UnaryOperator<String> change) {
        end();
        Gate gate = new Gate();
        Instance slow = new Instance(change, event -> gate.pass());
        slow.process.append(placed(1), placed(2));
        slow.processor.start();
        gate.awaitHandler();
        slow.rig.tokens().revoke(NAME);
        Instance quick = new Instance(SOUND, event -> {});
        quick.processor.start();
        await().atMost(PATIENCE).until(() -> heard().size() == 2);

        gate.open();
        await().atMost(PATIENCE).until(() -> transactionsUnderWay() == 0);
        return heard();
    }

    /** The first event fails and is parked; the next one comes when the process has started again. */
    private List<String> heardWhenTheFirstIsParked(UnaryOperator<String> change) {
        end();
        AtomicBoolean broken = new AtomicBoolean(true);
        Consumer<GoodsPlaced> failing = event -> {
            if (broken.get() && event.pieces() == 1) {
                throw new IllegalStateException("broken");
            }
        };
        Instance first = new Instance(change, failing);
        first.process.append(placed(1));
        first.processor.start();
        await().atMost(PATIENCE).until(() -> DATABASE.count("parked_event") == 1);
        first.rig.close();
        rigs.remove(first.rig);

        Instance second = new Instance(change, failing);
        second.process.append(placed(2));
        second.processor.start();
        await().atMost(PATIENCE).until(() -> DATABASE.count("parked_event") == 2 || heard().contains("a:2"));
        broken.set(false);
        DATABASE.jdbc()
                .sql("update parked_event set next_try_at = clock_timestamp()")
                .update();
        await().atMost(PATIENCE).until(() -> heard().contains("a:2"));
        return heard();
    }

    private final class Instance {

        private final SampleProcess process;
        private final ProcessorRig rig;
        private final EventProcessor processor;

        Instance(UnaryOperator<String> change, Consumer<GoodsPlaced> before) {
            process = SampleProcess.defective(DATABASE, change);
            rig = new ProcessorRig(process);
            rigs.push(rig);
            processor = rig.create(NAME, new Recorder(process, NAME, "one", before));
        }
    }

    private static UnaryOperator<String> leavingOut(String text, String replacement) {
        return sql -> sql.replace(text, replacement);
    }

    private static Event placed(int pieces) {
        return GoodsPlaced.on("a", pieces);
    }

    private static List<String> heard() {
        return DATABASE.seen(NAME);
    }

    private static long transactionsUnderWay() {
        return DATABASE.jdbc().sql("""
            select count(*) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null\
            """).query(Long.class).single();
    }
}
