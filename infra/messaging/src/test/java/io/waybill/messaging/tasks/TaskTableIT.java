package io.waybill.messaging.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TaskTableIT {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration AT_ONCE = Duration.ZERO;

    private final JdbcClient jdbc = JdbcClient.create(TaskDatabase.dataSource());
    private final TransactionTemplate transaction =
            new TransactionTemplate(new JdbcTransactionManager(TaskDatabase.dataSource()));
    private final TaskTable table = new TaskTable(jdbc, LONG);

    @BeforeEach
    void empty() {
        TaskDatabase.empty();
    }

    @Test
    void a_task_is_claimed_once_while_its_lease_lasts() {
        table.enqueue("charge", "a", null);

        assertThat(claim(10)).extracting(Claim::key, Claim::attempt).containsExactly(tuple("a", 1));
        assertThat(claim(10)).isEmpty();
    }

    @Test
    void a_task_enqueued_twice_waits_once() {
        table.enqueue("charge", "a", null);
        table.enqueue("charge", "a", null);

        assertThat(claim(10)).hasSize(1);
    }

    @Test
    void no_more_tasks_are_claimed_than_slots_are_free_and_the_oldest_first() {
        List.of("a", "b", "c", "d").forEach(key -> table.enqueue("charge", key, null));
        table.enqueue("refund", "a", null);

        assertThat(table.claim(Map.of("charge", 3, "refund", 5)))
                .extracting(Claim::queue, Claim::key)
                .containsExactlyInAnyOrder(
                        tuple("charge", "a"), tuple("charge", "b"), tuple("charge", "c"), tuple("refund", "a"));
    }

    @Test
    void tasks_of_other_queues_are_left_alone() {
        table.enqueue("book", "a", null);

        assertThat(claim(10)).isEmpty();
    }

    @Test
    void what_another_worker_is_just_taking_is_passed_over_without_waiting() {
        table.enqueue("charge", "a", null);
        table.enqueue("charge", "b", null);

        transaction.executeWithoutResult(status -> {
            assertThat(claim(1)).extracting(Claim::key).containsExactly("a");
            List<Claim> others = CompletableFuture.supplyAsync(() -> claim(10)).join();
            assertThat(others).extracting(Claim::key).containsExactly("b");
        });
    }

    @Test
    void a_crashed_workers_task_is_claimed_again_when_its_lease_ends() {
        TaskTable crashed = new TaskTable(jdbc, Duration.ofMillis(300));
        table.enqueue("charge", "a", null);
        assertThat(crashed.claim(Map.of("charge", 1))).hasSize(1);

        assertThat(claim(1)).isEmpty();
        await().untilAsserted(() ->
                assertThat(claim(1)).extracting(Claim::key, Claim::attempt).containsExactly(tuple("a", 2)));
    }

    @Test
    void an_extended_lease_lasts_longer() {
        TaskTable brief = new TaskTable(jdbc, AT_ONCE);
        table.enqueue("charge", "a", null);
        List<Claim> claims = brief.claim(Map.of("charge", 1));

        table.extend(claims);

        assertThat(claim(1)).isEmpty();
    }

    @Test
    void a_run_that_outlived_its_lease_changes_nothing_any_more() {
        table.enqueue("charge", "a", null);
        Claim outlived = new TaskTable(jdbc, AT_ONCE).claim(Map.of("charge", 1)).getFirst();
        Claim current = claim(1).getFirst();

        assertThat(table.finish(outlived)).isFalse();
        table.repeat(outlived, AT_ONCE);
        table.extend(List.of(outlived));

        assertThat(claim(1)).isEmpty();
        assertThat(table.finish(current)).isTrue();
        assertThat(count()).isZero();
    }

    @Test
    void a_task_enqueued_while_it_runs_is_due_again_afterwards_with_fresh_attempts() {
        table.enqueue("charge", "a", null);
        Claim first = claim(1).getFirst();
        table.enqueue("charge", "a", null);
        assertThat(claim(1)).isEmpty();

        assertThat(table.finish(first)).isFalse();

        Claim second = claim(1).getFirst();
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(table.finish(second)).isTrue();
    }

    @Test
    void an_enqueue_that_commits_while_the_run_is_being_finished_is_not_lost() {
        table.enqueue("charge", "a", null);
        Claim first = claim(1).getFirst();
        Thread finishing = Thread.ofVirtual().unstarted(() -> table.finish(first));

        transaction.executeWithoutResult(status -> {
            table.enqueue("charge", "a", null);
            finishing.start();
            await().untilAsserted(() -> assertThat(waitingForLock()).isEqualTo(1));
        });

        await().untilAsserted(() ->
                assertThat(claim(1)).extracting(Claim::key, Claim::attempt).containsExactly(tuple("a", 1)));
    }

    @Test
    void a_failed_run_is_due_later_and_counts() {
        table.enqueue("charge", "a", null);
        table.repeat(claim(1).getFirst(), Duration.ofMillis(300));

        assertThat(claim(1)).isEmpty();
        await().untilAsserted(
                        () -> assertThat(claim(1)).extracting(Claim::attempt).containsExactly(2));
    }

    @Test
    void a_task_that_waits_for_its_next_attempt_is_due_at_once_when_enqueued() {
        table.enqueue("charge", "a", null);
        table.repeat(claim(1).getFirst(), LONG);

        table.enqueue("charge", "a", null);

        assertThat(claim(1)).extracting(Claim::attempt).containsExactly(1);
    }

    @Test
    void a_cancelled_task_is_gone_and_its_run_counts_for_nothing() {
        table.enqueue("charge", "a", null);
        Claim running = claim(1).getFirst();

        table.cancel("charge", "a");

        table.repeat(running, AT_ONCE);
        assertThat(table.finish(running)).isFalse();
        assertThat(count()).isZero();
    }

    @Test
    void a_task_that_is_written_as_claimed_belongs_to_its_run() {
        Claim own = own("a");

        assertThat(table.enqueueClaimed(own)).isTrue();

        assertThat(claim(1)).isEmpty();
        assertThat(table.finish(List.of(own))).isEmpty();
        assertThat(count()).isZero();
    }

    @Test
    void a_task_that_is_written_as_claimed_and_never_run_is_claimed_when_its_lease_ends() {
        TaskTable crashed = new TaskTable(jdbc, Duration.ofMillis(300));

        assertThat(crashed.enqueueClaimed(own("a"))).isTrue();

        assertThat(claim(1)).isEmpty();
        await().untilAsserted(() ->
                assertThat(claim(1)).extracting(Claim::key, Claim::attempt).containsExactly(tuple("a", 2)));
    }

    @Test
    void a_task_that_waits_or_runs_already_cannot_be_written_as_claimed() {
        table.enqueue("charge", "waits", null);
        table.enqueueClaimed(own("runs"));

        assertThat(table.enqueueClaimed(own("waits"))).isFalse();
        assertThat(table.enqueueClaimed(own("runs"))).isFalse();

        assertThat(claim(10)).extracting(Claim::key).containsExactly("waits");
    }

    @Test
    void of_many_runs_at_once_those_are_finished_that_nobody_else_wants() {
        List<Claim> runs = Stream.of("done", "again", "cancelled", "outlived", "wanted")
                .map(TaskTableIT::own)
                .toList();
        runs.forEach(table::enqueueClaimed);
        table.enqueue("charge", "again", null);
        table.cancel("charge", "cancelled");
        jdbc.sql("UPDATE task SET claim = gen_random_uuid() WHERE key = 'outlived'")
                .update();

        List<Claim> left = new ArrayList<>();
        transaction.executeWithoutResult(status -> {
            table.enqueue("charge", "wanted", null);
            // Without waiting for whoever is just enqueuing one of them.
            left.addAll(CompletableFuture.supplyAsync(() -> table.finish(runs)).join());
        });

        assertThat(left).extracting(Claim::key).containsExactly("again", "cancelled", "outlived", "wanted");
        assertThat(jdbc.sql("SELECT key FROM task ORDER BY key")
                        .query(String.class)
                        .list())
                .containsExactly("again", "outlived", "wanted");
    }

    private static Claim own(String key) {
        return new Claim("charge", key, 1, UUID.randomUUID(), null);
    }

    private List<Claim> claim(int slots) {
        return table.claim(Map.of("charge", slots));
    }

    private long count() {
        return jdbc.sql("SELECT count(*) FROM task").query(Long.class).single();
    }

    private int waitingForLock() {
        return jdbc.sql("""
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'\
            """).query(Integer.class).single();
    }
}
