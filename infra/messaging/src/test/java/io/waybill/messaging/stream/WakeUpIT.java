package io.waybill.messaging.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleMessages;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WakeUpIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("wake_up");
    private static final Duration HARDLY_EVER = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(3);

    private final List<AutoCloseable> open = new ArrayList<>();

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

    @Test
    void a_commit_in_the_same_process_wakes_its_readers() throws Exception {
        SampleProcess process = reading(HARDLY_EVER);
        CompletableFuture<List<Object>> heard = heard(process);

        process.append(new ShelfPutUp("a"));

        assertThat(heard).succeedsWithin(SOON).isEqualTo(List.of(new ShelfPutUp("a")));
    }

    @Test
    void a_commit_in_another_process_wakes_the_readers_soon_after() throws Exception {
        SampleProcess reader = withNotices(reading(HARDLY_EVER));
        SampleProcess writer = withNotices(reading(HARDLY_EVER));
        awaitListeners(2);
        CompletableFuture<List<Object>> heard = heard(reader);

        writer.append(new ShelfPutUp("a"));

        assertThat(heard).succeedsWithin(SOON).isEqualTo(List.of(new ShelfPutUp("a")));
    }

    @Test
    void a_listener_whose_connection_was_cut_listens_again() throws Exception {
        SampleProcess reader = withNotices(reading(HARDLY_EVER));
        SampleProcess writer = withNotices(reading(HARDLY_EVER));
        awaitListeners(2);
        List<Integer> listening = listeners();
        listening.forEach(pid -> DATABASE.jdbc()
                .sql("select pg_terminate_backend(?)")
                .param(pid)
                .query(Boolean.class)
                .single());
        await().until(() -> listeners().size() == 2 && listeners().stream().noneMatch(listening::contains));
        CompletableFuture<List<Object>> heard = heard(reader);

        writer.append(new ShelfPutUp("a"));

        assertThat(heard).succeedsWithin(SOON).isEqualTo(List.of(new ShelfPutUp("a")));
    }

    @Test
    void a_notice_that_was_lost_costs_no_more_than_the_safety_poll() throws Exception {
        SampleProcess reader = reading(Duration.ofMillis(300));
        SampleProcess writer = reading(HARDLY_EVER);
        CompletableFuture<List<Object>> heard = heard(reader);

        writer.append(new ShelfPutUp("a"));

        assertThat(heard).succeedsWithin(SOON).isEqualTo(List.of(new ShelfPutUp("a")));
    }

    @Test
    void many_commits_are_told_to_others_with_few_notices() throws Exception {
        SampleProcess writer = withNotices(reading(HARDLY_EVER));
        awaitListeners(1);
        try (HikariDataSource pool = DATABASE.pool();
                Connection connection = pool.getConnection()) {
            connection.createStatement().execute("listen waybill_stream");
            PGConnection ear = connection.unwrap(PGConnection.class);

            IntStream.range(0, 500).forEach(nr -> writer.stream().signalAfterCommit());

            int notices = 0;
            PGNotification[] more = ear.getNotifications(2_000);
            while (more != null && more.length > 0) {
                notices += more.length;
                more = ear.getNotifications(300);
            }
            assertThat(notices).isBetween(1, 100);
        }
    }

    private SampleProcess reading(Duration safetyPoll) throws InterruptedException {
        SampleProcess process = new SampleProcess(DATABASE, SampleMessages.catalogue(), safetyPoll);
        open.add(process);
        process.stream().start();
        awaitReaderAtRest(process);
        return process;
    }

    /** Its first read is over, so that only a signal or the safety poll makes it read again. */
    private static void awaitReaderAtRest(SampleProcess process) throws InterruptedException {
        StreamPosition head = process.stream().head();
        assertThat(process.stream().read(head, 10, Duration.ofMillis(150)).entries())
                .isEmpty();
    }

    private SampleProcess withNotices(SampleProcess process) {
        StreamNotices notices =
                new StreamNotices(process.connections(), process.stream(), "instance-" + open.size(), () -> false);
        open.add(0, notices::stop);
        notices.start();
        return process;
    }

    private static CompletableFuture<List<Object>> heard(SampleProcess process) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Reading.payloadsOf(process.stream()
                                .read(StreamPosition.START, 10, HARDLY_EVER)
                                .entries());
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                body -> Thread.ofVirtual().start(body));
    }

    private static void awaitListeners(int count) {
        await().until(() -> listeners().size() == count);
    }

    private static List<Integer> listeners() {
        return DATABASE.jdbc().sql("""
            select pid from pg_stat_activity
             where datname = current_database() and query = 'listen waybill_stream'\
            """).query(Integer.class).list();
    }
}
