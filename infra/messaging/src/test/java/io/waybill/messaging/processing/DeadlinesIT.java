package io.waybill.messaging.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.waybill.messaging.Deadlines;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.metrics.MessagingMeters;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfAlarm.StockTakeDue;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import io.waybill.messaging.stream.OwnEvents;
import io.waybill.messaging.stream.StreamEntry;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.tracing.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DeadlinesIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("deadlines");
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration FAR = Duration.ofMinutes(10);
    private static final StockTakeDue DUE = new StockTakeDue("a");

    private final List<AutoCloseable> open = new ArrayList<>();
    private SampleProcess process;
    private PostgresDeadlines deadlines;

    @BeforeEach
    void start() {
        DATABASE.empty();
        process = process();
        deadlines = deadlines(process);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @Test
    void an_alarm_enters_the_stream_once_it_is_due_and_not_before() throws Exception {
        deadlines.start();
        deadlines.arm("a", Duration.ofSeconds(1), DUE);

        assertSilent(Duration.ofMillis(300));
        awaitRung(1);
        List<StreamEntry> entries = process.stream()
                .read(StreamPosition.START, 10, Duration.ofSeconds(5))
                .entries();
        assertThat(entries).singleElement().satisfies(entry -> {
            assertThat(entry.messages().get(0).getPayload()).isEqualTo(DUE);
            assertThat(entry.row().subject()).isEqualTo("a");
            assertThat(entry.row().sequenceNumber()).isNull();
        });
        assertThat(DATABASE.count("deadline")).isZero();
    }

    @Test
    void an_alarm_that_rings_leaves_the_others_to_their_time() {
        deadlines.arm("a", Duration.ZERO, DUE);
        deadlines.arm("b", FAR, new StockTakeDue("b"));

        deadlines.start();

        awaitRung(1);
        await().during(300, TimeUnit.MILLISECONDS).until(() -> rung() == 1);
        assertThat(DATABASE.count("deadline")).isEqualTo(1);
    }

    @Test
    void of_two_processes_exactly_one_rings_each_alarm() {
        PostgresDeadlines other = deadlines(process());
        deadlines.start();
        other.start();

        IntStream.range(0, 250)
                .forEach(nr -> (nr % 2 == 0 ? deadlines : other).arm("a" + nr, SHORT, new StockTakeDue("a" + nr)));

        awaitRung(250);
        await().during(300, TimeUnit.MILLISECONDS).until(() -> rung() == 250);
        assertThat(DATABASE.jdbc()
                        .sql("select count(distinct subject) from event_stream")
                        .query(Long.class)
                        .single())
                .isEqualTo(250);
    }

    @Test
    void arming_again_moves_an_alarm_to_later() {
        deadlines.arm("a", SHORT, DUE);
        deadlines.arm("a", FAR, DUE);

        deadlines.start();

        assertSilent(Duration.ofMillis(400));
    }

    @Test
    void arming_again_moves_an_alarm_to_earlier_and_tells_the_newer_event() {
        deadlines.start();
        deadlines.arm("a", FAR, DUE);
        deadlines.arm("a", SHORT, new StockTakeDue("b"));

        awaitRung(1);
        assertThat(DATABASE.jdbc()
                        .sql("select subject from event_stream")
                        .query(String.class)
                        .single())
                .isEqualTo("b");
    }

    @Test
    void a_disarmed_alarm_is_silent() {
        deadlines.arm("a", SHORT, DUE);
        deadlines.disarm("a");
        deadlines.disarm("no such alarm");

        deadlines.start();

        assertSilent(Duration.ofMillis(400));
    }

    @Test
    void an_alarm_survives_the_process_that_armed_it() {
        deadlines.arm("a", Duration.ZERO, DUE);
        process.close();

        deadlines(process()).start();

        awaitRung(1);
    }

    @Test
    void what_a_transaction_arms_counts_only_if_it_commits() {
        deadlines.start();
        assertThatThrownBy(() -> process.transactions().executeInTransaction(() -> {
                    deadlines.arm("a", Duration.ZERO, DUE);
                    throw new IllegalStateException("changed its mind");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertSilent(Duration.ofMillis(300));
        process.transactions().executeInTransaction(() -> deadlines.arm("a", Duration.ZERO, DUE));
        awaitRung(1);
    }

    @Test
    void what_a_handler_arms_and_disarms_counts_only_if_its_unit_of_work_commits() {
        deadlines.start();
        deadlines.arm("kept", Duration.ofMillis(500), new StockTakeDue("kept"));
        UnitOfWork<?> failing = started();
        deadlines.arm("a", Duration.ZERO, DUE);
        deadlines.disarm("kept");
        failing.rollback(new IllegalStateException("changed its mind"));

        awaitRung(1);
        UnitOfWork<?> succeeding = started();
        deadlines.arm("a", Duration.ZERO, DUE);
        assertThat(DATABASE.count("deadline")).isZero();
        succeeding.commit();

        awaitRung(2);
        assertThat(DATABASE.jdbc()
                        .sql("select subject from event_stream order by position")
                        .query(String.class)
                        .list())
                .containsExactly("kept", "a");
    }

    /** Readers of the stream wait for the oldest transaction that has written. */
    @Test
    void a_handler_that_arms_writes_nothing_before_its_unit_of_work_commits() {
        UnitOfWork<?> unit = started();

        deadlines.arm("a", FAR, DUE);

        assertThat(process.jdbc()
                        .sql("select pg_current_xact_id_if_assigned() is null")
                        .query(Boolean.class)
                        .single())
                .isTrue();
        unit.commit();
        assertThat(DATABASE.count("deadline")).isEqualTo(1);
    }

    @Test
    void within_one_transaction_the_last_word_on_an_alarm_counts() {
        deadlines.start();
        UnitOfWork<?> unit = started();
        deadlines.arm("a", Duration.ZERO, DUE);
        deadlines.disarm("a");
        deadlines.disarm("b");
        deadlines.arm("b", Duration.ZERO, new StockTakeDue("b"));
        unit.commit();

        awaitRung(1);
        await().during(300, TimeUnit.MILLISECONDS).until(() -> rung() == 1);
        assertThat(DATABASE.jdbc()
                        .sql("select subject from event_stream")
                        .query(String.class)
                        .single())
                .isEqualTo("b");
    }

    @Test
    void only_internal_events_can_be_alarms() {
        assertThatThrownBy(() -> deadlines.arm("a", FAR, new ShelfPutUp("a")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_alarm_that_nobody_understands_any_more_does_not_hold_up_the_others() {
        deadlines.arm("old", Duration.ZERO, DUE);
        DATABASE.jdbc()
                .sql("update deadline set type = 'waybill.inventory.Retired'")
                .update();
        deadlines.arm("a", Duration.ZERO, DUE);

        deadlines.start();

        awaitRung(1);
    }

    @Test
    void an_alarm_whose_content_cannot_be_read_is_kept_and_does_not_hold_up_the_others() {
        deadlines.arm("broken", Duration.ZERO, DUE);
        DATABASE.jdbc().sql("update deadline set payload = '[]'").update();
        deadlines.arm("a", SHORT, DUE);

        deadlines.start();

        awaitRung(1);
        assertThat(DATABASE.jdbc()
                        .sql("select id from deadline where due_at > now() + interval '1 minute'")
                        .query(String.class)
                        .list())
                .containsExactly("broken");
    }

    @Test
    void an_alarm_that_an_older_release_armed_goes_through_the_upcasters() throws Exception {
        deadlines.arm("a", Duration.ZERO, DUE);
        DATABASE.jdbc()
                .sql("update deadline set revision = revision - 1, payload = '{\"place\":\"a\"}'")
                .update();

        deadlines.start();

        assertThat(process.stream()
                        .read(StreamPosition.START, 10, Duration.ofSeconds(5))
                        .entries())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.row().revision()).isEqualTo(1);
                    assertThat(entry.messages().get(0).getPayload()).isEqualTo(DUE);
                });
    }

    @Test
    void an_alarm_that_a_newer_release_armed_waits_for_one() {
        deadlines.arm("newer", Duration.ZERO, DUE);
        DATABASE.jdbc().sql("update deadline set revision = revision + 1").update();
        deadlines.arm("a", Duration.ZERO, new StockTakeDue("b"));

        deadlines.start();

        awaitRung(1);
        await().during(300, TimeUnit.MILLISECONDS).until(() -> rung() == 1);
        assertThat(DATABASE.jdbc()
                        .sql("select id from deadline")
                        .query(String.class)
                        .list())
                .containsExactly("newer");
    }

    /** Hears alarms, and how late they rang. */
    record Listener(List<Long> late) {

        @EventHandler(payloadType = StockTakeDue.class)
        void on(@MetaDataValue(Deadlines.LATE_MILLIS) Long lateMillis) {
            late.add(lateMillis);
        }
    }

    @Test
    void a_handler_is_told_how_late_an_alarm_rang_by_the_databases_clock() {
        Listener listener = new Listener(new CopyOnWriteArrayList<>());
        ProcessorRig rig = new ProcessorRig(SampleProcess.started(DATABASE));
        open.add(rig);
        rig.create("inventory.listener", listener).start();
        deadlines.arm("a", SHORT, DUE);
        deadlines.arm("missed", SHORT, DUE);
        deadlines.arm("long missed", SHORT, DUE);
        DATABASE.jdbc()
                .sql("update deadline set due_at = due_at - interval '1 hour' where id = 'missed'")
                .update();
        DATABASE.jdbc()
                .sql("update deadline set due_at = due_at - interval '60 days' where id = 'long missed'")
                .update();

        deadlines.start();

        await().untilAsserted(() -> assertThat(listener.late()).hasSize(3));
        long hour = Duration.ofHours(1).toMillis();
        long days = Duration.ofDays(60).toMillis();
        assertThat(listener.late())
                .satisfiesExactlyInAnyOrder(
                        late -> assertThat(late).isBetween(0L, 10_000L),
                        late -> assertThat(late).isBetween(hour - 1_000, hour + 10_000),
                        late -> assertThat(late).isBetween(days - 1_000, days + 10_000));
    }

    private UnitOfWork<?> started() {
        UnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage(DUE));
        unit.attachTransaction(process.transactions());
        return unit;
    }

    private SampleProcess process() {
        SampleProcess made = SampleProcess.started(DATABASE);
        open.add(made);
        return made;
    }

    private PostgresDeadlines deadlines(SampleProcess of) {
        PostgresDeadlines made = new PostgresDeadlines(
                of.jdbc(),
                new OwnEvents(of.jdbcTemplate(), of.stream(), of.catalogue()),
                of.transactions(),
                of.catalogue(),
                WaybillJson.mapper(),
                Tracing.off(),
                MessagingMeters.none());
        open.add(0, made::stop);
        return made;
    }

    private static void awaitRung(long count) {
        await().untilAsserted(() -> assertThat(rung()).isEqualTo(count));
    }

    private static void assertSilent(Duration time) {
        await().during(time).atMost(time.multipliedBy(2).plusSeconds(2)).until(() -> rung() == 0);
    }

    private static long rung() {
        return DATABASE.count("event_stream");
    }
}
