package io.waybill.messaging.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.waybill.messaging.tracing.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TaskWorkersIT {

    /** So long that only a wake-up explains a run in time. */
    private static final Duration NEVER = Duration.ofHours(1);

    private static final Duration MOMENT = Duration.ofMillis(600);

    private final JdbcClient jdbc = JdbcClient.create(TaskDatabase.dataSource());
    private final TransactionTemplate transaction =
            new TransactionTemplate(new JdbcTransactionManager(TaskDatabase.dataSource()));
    private final Queue<String> runs = new ConcurrentLinkedQueue<>();
    private final Semaphore mayEnd = new Semaphore(0);
    private final List<TaskWorkers> processes = new ArrayList<>();

    @BeforeEach
    void empty() {
        TaskDatabase.empty();
    }

    @AfterEach
    void stop() {
        mayEnd.release(10_000);
        processes.forEach(TaskWorkers::stop);
    }

    @Test
    void a_task_runs_as_soon_as_its_transaction_is_committed_and_not_before() {
        Tasks tasks = start(woken(), (key, attempt) -> TaskResult.done());

        transaction.executeWithoutResult(status -> {
            tasks.enqueue("charge", "a");
            assertThat(runs).isEmpty();
        });

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(runs).containsExactly("a"));
        await().untilAsserted(() -> assertThat(waiting()).isZero());
    }

    @Test
    void a_task_whose_transaction_is_rolled_back_never_runs() {
        Tasks tasks = start(polling(), (key, attempt) -> TaskResult.done());

        transaction.executeWithoutResult(status -> {
            tasks.enqueue("charge", "a");
            status.setRollbackOnly();
        });
        tasks.enqueue("charge", "b");

        await().untilAsserted(() -> assertThat(runs).containsExactly("b"));
        await().untilAsserted(() -> assertThat(waiting()).isZero());
    }

    @Test
    void a_task_begins_without_being_looked_for_where_a_slot_is_free() {
        Tasks tasks = start(woken(), (key, attempt) -> TaskResult.done());

        awaitOneThatIsWrittenAsClaimed(tasks);

        await().untilAsserted(() -> assertThat(waiting()).isZero());
        assertThat(runs).doesNotHaveDuplicates();
    }

    @Test
    void the_run_that_begins_at_once_is_told_what_is_known_and_every_later_one_has_to_ask() {
        Tasks tasks = start(woken(), (key, attempt) -> TaskResult.done());

        await().until(() -> {
            runs.clear();
            transaction.executeWithoutResult(status -> tasks.enqueue("told", "a", "the amount"));
            await().until(() -> !runs.isEmpty());
            boolean atOnce = "a knows the amount".equals(runs.peek());
            await().until(() -> waiting() == 0);
            return atOnce;
        });

        assertThat(runs).containsExactly("a knows the amount", "a asks");
    }

    @Test
    void a_rollback_gives_the_slot_back() {
        Tasks tasks = start(new TaskSettings(1, NEVER, NEVER, NEVER), (key, attempt) -> TaskResult.done());
        awaitOneThatIsWrittenAsClaimed(tasks);

        transaction.executeWithoutResult(status -> {
            tasks.enqueue("charge", "withdrawn");
            status.setRollbackOnly();
        });

        awaitOneThatIsWrittenAsClaimed(tasks);
        assertThat(runs).doesNotContain("withdrawn");
    }

    /** Not always the first: a worker that has just been woken takes all slots while it looks for tasks. */
    private void awaitOneThatIsWrittenAsClaimed(Tasks tasks) {
        await().until(() -> Boolean.TRUE.equals(transaction.execute(status -> {
            String key = UUID.randomUUID().toString();
            tasks.enqueue("charge", key);
            return claimed().contains(key);
        })));
    }

    @Test
    void a_task_whose_statement_fails_gives_its_slot_back() {
        Tasks tasks = start(new TaskSettings(1, NEVER, NEVER, NEVER), (key, attempt) -> TaskResult.done());

        assertThatThrownBy(() -> tasks.enqueue("charge", "a\0")).isInstanceOf(DataAccessException.class);
        tasks.enqueue("charge", "b");

        await().untilAsserted(() -> assertThat(runs).containsExactly("b"));
    }

    @Test
    void what_waits_already_is_found_when_it_is_enqueued_once_more() {
        new TaskTable(jdbc, NEVER).enqueue("charge", "a", null);
        Tasks tasks = start(woken(), (key, attempt) -> TaskResult.done());
        await().untilAsserted(() -> assertThat(waiting()).isZero());
        runs.clear();
        new TaskTable(jdbc, NEVER).enqueue("charge", "b", null);

        tasks.enqueue("charge", "b");

        await().untilAsserted(() -> assertThat(waiting()).isZero());
        assertThat(runs).containsExactly("b");
    }

    @Test
    void after_a_transaction_that_took_longer_than_the_lease_a_task_runs_once() {
        TaskSettings brief = new TaskSettings(16, MOMENT, Duration.ofMillis(20), NEVER);
        Tasks tasks = start(brief, (key, attempt) -> TaskResult.done());

        transaction.executeWithoutResult(status -> {
            tasks.enqueue("charge", "a");
            jdbc.sql("SELECT pg_sleep(0.7)").query(row -> {});
        });

        await().untilAsserted(() -> assertThat(waiting()).isZero());
        await().during(MOMENT).untilAsserted(() -> assertThat(runs).containsExactly("a"));
    }

    @Test
    void tasks_that_are_done_in_the_same_moment_are_struck_out_together() {
        Tasks tasks = start(woken(), this::untilReleased);
        List<String> keys = IntStream.range(0, 16).mapToObj(Integer::toString).toList();
        keys.forEach(key -> tasks.enqueue("charge", key));
        await().untilAsserted(() -> assertThat(runs).hasSize(16));
        Set<String> seen = ConcurrentHashMap.newKeySet();
        seen.add(Long.toString(waiting()));

        mayEnd.release(16);

        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            long left = waiting();
            seen.add(Long.toString(left));
            return left == 0;
        });
        assertThat(seen).hasSizeLessThan(5);
    }

    @Test
    void a_task_of_another_process_is_found_by_the_safety_poll() {
        start(polling(), (key, attempt) -> TaskResult.done());

        new TaskTable(jdbc, NEVER).enqueue("charge", "a", null);

        await().untilAsserted(() -> assertThat(runs).containsExactly("a"));
    }

    @Test
    void a_task_enqueued_while_it_runs_runs_once_more() {
        Tasks tasks = start(woken(), this::untilReleased);
        tasks.enqueue("charge", "a");
        await().untilAsserted(() -> assertThat(runs).hasSize(1));

        tasks.enqueue("charge", "a");
        tasks.enqueue("charge", "a");
        mayEnd.release(100);

        await().untilAsserted(() -> assertThat(waiting()).isZero());
        assertThat(runs).hasSize(2);
    }

    @Test
    void an_exception_lets_the_task_run_again_until_it_is_done() {
        Tasks tasks = start(woken(), (key, attempt) -> {
            if (attempt < 3) {
                throw new IllegalStateException("broken line " + attempt);
            }
            return TaskResult.done();
        });

        tasks.enqueue("charge", "a");

        await().untilAsserted(() -> assertThat(waiting()).isZero());
        assertThat(runs).hasSize(3);
    }

    @Test
    void that_a_queue_begins_to_fail_and_works_again_is_each_said_once() {
        Logger logger = (Logger) LoggerFactory.getLogger(TaskWorkers.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        try {
            Tasks tasks = start(woken(), (key, attempt) -> {
                if (attempt < 3) {
                    throw new IllegalStateException("broken line " + attempt);
                }
                return TaskResult.done();
            });
            transaction.executeWithoutResult(
                    status -> List.of("a", "b", "c", "d").forEach(key -> tasks.enqueue("charge", key)));

            await().untilAsserted(() -> assertThat(waiting()).isZero());
            assertThat(runs).hasSize(12);
            assertThat(log.list)
                    .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                    .extracting(ILoggingEvent::getLevel)
                    .containsExactly(Level.WARN, Level.INFO);
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
    }

    @Test
    void a_handler_may_ask_for_another_run() {
        Tasks tasks = start(
                woken(), (key, attempt) -> attempt < 2 ? TaskResult.again(Duration.ofMillis(50)) : TaskResult.done());

        tasks.enqueue("charge", "a");

        await().untilAsserted(() -> assertThat(waiting()).isZero());
        assertThat(runs).hasSize(2);
    }

    @Test
    void the_waits_between_attempts_double_up_to_five_seconds() {
        assertThat(IntStream.of(1, 2, 3, 5, 6, 1_000_000).mapToObj(attempt -> TaskWorkers.backoff(attempt, 0)))
                .containsExactly(
                        Duration.ofMillis(200),
                        Duration.ofMillis(400),
                        Duration.ofMillis(800),
                        Duration.ofMillis(3_200),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5));
    }

    @Test
    void tasks_that_failed_together_do_not_come_back_together() {
        assertThat(TaskWorkers.backoff(6, 0.5)).isEqualTo(Duration.ofMillis(4_375));
        assertThat(TaskWorkers.backoff(6, 0.999)).isBetween(Duration.ofMillis(3_750), Duration.ofMillis(3_755));
    }

    @Test
    void the_result_of_a_task_cancelled_while_it_runs_counts_for_nothing() {
        Tasks tasks = start(polling(), (key, attempt) -> {
            untilReleased(key, attempt);
            return TaskResult.again(Duration.ZERO);
        });
        tasks.enqueue("charge", "a");
        await().untilAsserted(() -> assertThat(runs).hasSize(1));

        tasks.cancel("charge", "a");
        mayEnd.release(1);

        await().until(() -> mayEnd.availablePermits() == 0);
        assertThat(waiting()).isZero();
        await().during(MOMENT).untilAsserted(() -> assertThat(runs).hasSize(1));
    }

    @Test
    void a_task_that_runs_longer_than_its_lease_is_not_run_by_anybody_else() {
        TaskSettings brief = new TaskSettings(16, MOMENT, Duration.ofMillis(20), NEVER);
        Tasks tasks = start(brief, this::untilReleased);
        start(brief, this::untilReleased);

        tasks.enqueue("charge", "a");

        await().during(MOMENT.multipliedBy(3))
                .untilAsserted(() -> assertThat(runs).hasSizeLessThan(2));
        assertThat(runs).containsExactly("a");
    }

    @Test
    void a_crashed_workers_task_runs_when_its_lease_ends() {
        TaskTable crashed = new TaskTable(jdbc, MOMENT);
        crashed.enqueue("charge", "a", null);
        assertThat(crashed.claim(Map.of("charge", 1))).hasSize(1);
        start(polling(), (key, attempt) -> TaskResult.done());

        await().untilAsserted(() -> assertThat(runs).containsExactly("a"));
    }

    @Test
    void two_processes_share_the_work_and_do_each_task_once() {
        List<String> keys = IntStream.range(0, 500).mapToObj(Integer::toString).toList();
        Tasks tasks = start(polling(), (key, attempt) -> TaskResult.done());
        start(polling(), (key, attempt) -> TaskResult.done());

        transaction.executeWithoutResult(status -> keys.forEach(key -> tasks.enqueue("charge", key)));

        await().untilAsserted(() -> assertThat(waiting()).isZero());
        assertThat(runs).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void more_tasks_than_slots_are_worked_off_without_polling() {
        List<String> keys = IntStream.range(0, 100).mapToObj(Integer::toString).toList();
        Tasks tasks = start(new TaskSettings(2, NEVER, NEVER, NEVER), (key, attempt) -> TaskResult.done());

        transaction.executeWithoutResult(status -> keys.forEach(key -> tasks.enqueue("charge", key)));

        await().untilAsserted(() -> assertThat(waiting()).isZero());
        assertThat(runs).hasSize(100);
    }

    @Test
    void no_more_tasks_of_a_queue_run_at_once_than_allowed_and_other_queues_go_on() {
        Tasks tasks = start(new TaskSettings(2, NEVER, NEVER, NEVER), this::untilReleased);
        List.of("a", "b", "c").forEach(key -> tasks.enqueue("charge", key));
        await().untilAsserted(() -> assertThat(runs).containsExactlyInAnyOrder("a", "b"));

        tasks.enqueue("quick", "d");

        await().untilAsserted(() -> assertThat(runs).containsExactlyInAnyOrder("a", "b", "d"));
    }

    @Test
    void a_stop_waits_for_running_tasks() {
        Tasks tasks = start(woken(), this::untilReleased);
        tasks.enqueue("charge", "a");
        await().untilAsserted(() -> assertThat(runs).hasSize(1));

        Thread stopping = Thread.ofVirtual().start(() -> processes.getFirst().stop());
        await().until(() -> stopping.getState() != Thread.State.RUNNABLE);
        assertThat(waiting()).isEqualTo(1);
        mayEnd.release(1);

        await().until(() -> !stopping.isAlive());
        assertThat(waiting()).isZero();
    }

    @Test
    void a_stop_breaks_off_a_call_to_a_partner_and_hands_the_task_to_others_at_once() {
        TimeLimit patient = new TimeLimit(NEVER);
        Tasks tasks = start(impatient(), (key, attempt) -> patient.call(() -> untilReleased(key, attempt)));
        tasks.enqueue("charge", "a");
        await().untilAsserted(() -> assertThat(runs).hasSize(1));

        processes.getFirst().stop();
        start(polling(), (key, attempt) -> TaskResult.done());

        await().untilAsserted(() -> assertThat(runs).hasSize(2));
    }

    @Test
    void a_stop_waits_for_a_partners_answer_a_little_while() {
        TimeLimit patient = new TimeLimit(NEVER);
        Tasks tasks = start(woken(), (key, attempt) -> patient.call(() -> untilReleased(key, attempt)));
        tasks.enqueue("charge", "a");
        await().untilAsserted(() -> assertThat(runs).hasSize(1));

        Thread stopping = Thread.ofVirtual().start(() -> processes.getFirst().stop());
        await().until(() -> !processes.getFirst().isRunning());
        mayEnd.release(1);

        await().until(() -> !stopping.isAlive());
        assertThat(waiting()).isZero();
    }

    @Test
    void once_a_stop_began_no_partner_is_called_any_more() {
        TimeLimit patient = new TimeLimit(NEVER);
        AtomicInteger calls = new AtomicInteger();
        Tasks tasks = start(woken(), (key, attempt) -> {
            untilReleased(key, attempt);
            return patient.call(() -> {
                calls.incrementAndGet();
                return TaskResult.done();
            });
        });
        tasks.enqueue("charge", "a");
        await().untilAsserted(() -> assertThat(runs).hasSize(1));

        Thread stopping = Thread.ofVirtual().start(() -> processes.getFirst().stop());
        await().until(() -> !processes.getFirst().isRunning());
        mayEnd.release(1);

        await().until(() -> !stopping.isAlive());
        assertThat(calls).hasValue(0);
        assertThat(waiting()).isEqualTo(1);
    }

    /** An interrupt in the middle of a statement would close the connection that a virtual thread waits on. */
    @Test
    void a_stop_lets_a_tasks_statement_end() {
        Tasks tasks = start(new TaskSettings(16, NEVER, NEVER, Duration.ofMillis(400)), (key, attempt) -> {
            jdbc.sql("SELECT pg_sleep(0.6)").query(row -> {});
            return TaskResult.done();
        });
        tasks.enqueue("charge", "a");
        await().untilAsserted(() -> assertThat(runs).hasSize(1));

        processes.getFirst().stop();

        assertThat(waiting()).isZero();
    }

    @Test
    void a_task_that_ends_neither_way_is_left_to_its_lease() {
        TaskSettings brief = new TaskSettings(16, MOMENT, NEVER, Duration.ofMillis(50));
        Tasks tasks = start(brief, this::untilReleased);
        tasks.enqueue("charge", "a");
        await().untilAsserted(() -> assertThat(runs).hasSize(1));

        processes.getFirst().stop();
        assertThat(waiting()).isEqualTo(1);
        start(polling(), (key, attempt) -> TaskResult.done());

        await().untilAsserted(() -> assertThat(runs).hasSize(2));
    }

    @Test
    void two_handlers_of_one_queue_are_refused() {
        assertThatThrownBy(() -> new TaskWorkers(
                        new TaskTable(jdbc, NEVER),
                        new WakeUp(),
                        new OwnSlots(),
                        woken(),
                        List.of(handler("charge", this::untilReleased), handler("charge", this::untilReleased)),
                        Tracing.off()))
                .isInstanceOf(IllegalStateException.class);
    }

    private static TaskSettings woken() {
        return new TaskSettings(16, NEVER, NEVER, Duration.ofSeconds(5));
    }

    private static TaskSettings impatient() {
        return new TaskSettings(16, NEVER, NEVER, Duration.ofMillis(50));
    }

    private static TaskSettings polling() {
        return new TaskSettings(16, NEVER, Duration.ofMillis(20), Duration.ofSeconds(5));
    }

    /** Starts a process of its own: it shares nothing with the others but the database. */
    private Tasks start(TaskSettings settings, BiFunction<String, Integer, TaskResult> charge) {
        TaskTable table = new TaskTable(jdbc, settings.lease());
        WakeUp wakeUp = new WakeUp();
        List<TaskHandler> handlers =
                List.of(handler("charge", charge), handler("quick", (key, attempt) -> TaskResult.done()), told());
        OwnSlots slots = new OwnSlots();
        TaskWorkers workers = new TaskWorkers(table, wakeUp, slots, settings, handlers, Tracing.off());
        processes.add(workers);
        workers.start();
        return new JdbcTasks(table, wakeUp, slots, settings.lease(), Tracing.off());
    }

    private TaskHandler handler(String queue, BiFunction<String, Integer, TaskResult> work) {
        return new TaskHandler() {
            @Override
            public String queue() {
                return queue;
            }

            @Override
            public TaskResult handle(String key, int attempt) {
                runs.add(key);
                return work.apply(key, attempt);
            }
        };
    }

    /** Fails where it is told something. */
    private TaskHandler told() {
        return new TaskHandler() {
            @Override
            public String queue() {
                return "told";
            }

            @Override
            public TaskResult handle(String key, int attempt) {
                runs.add(key + " asks");
                return TaskResult.done();
            }

            @Override
            public TaskResult handleAtOnce(String key, Object known) {
                runs.add(key + " knows " + known);
                return TaskResult.again(Duration.ZERO);
            }
        };
    }

    private TaskResult untilReleased(String key, int attempt) {
        try {
            mayEnd.acquire();
            return TaskResult.done();
        } catch (InterruptedException e) {
            throw new IllegalStateException("run " + attempt + " of " + key + " was interrupted", e);
        }
    }

    private List<String> claimed() {
        return jdbc.sql("SELECT key FROM task WHERE claim IS NOT NULL")
                .query(String.class)
                .list();
    }

    private long waiting() {
        return jdbc.sql("SELECT count(*) FROM task").query(Long.class).single();
    }
}
