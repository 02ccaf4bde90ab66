package io.waybill.simulation;

import io.waybill.messaging.tasks.TaskHandler;
import io.waybill.messaging.tasks.TaskResult;
import io.waybill.messaging.tasks.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A context's durable tasks and the runs of them that are under way. A handler is ordinary code that blocks; it gets as
 * far as its next effect (a command, a call), which is one step. The next step begins it anew with what the effects so
 * far have answered, and so on to its end.
 */
final class TaskQueue implements Tasks {

    private static final long LEASE = 4_000;
    private static final long FIRST_BACKOFF = 200;
    private static final long LAST_BACKOFF = 30_000;
    private static final int NOBODY = 0;

    /** How often a process has a slot free for a task that it enqueues itself, in times in a thousand. */
    private static final int FREE = 500;

    private record Task(String queue, String key, long due, int attempt, int claim, boolean again) {

        String id() {
            return queue + "/" + key;
        }
    }

    /** One run of a task, in the memory of a process. */
    private static final class Run {

        private final int claim;
        private final Task task;
        private final @Nullable Object known;
        private final List<Object> answers = new ArrayList<>();
        private int next;
        private int effectsLeft;

        /** @param known what was handed over to it, by whatever enqueued the task in the same process */
        Run(int claim, Task task, @Nullable Object known) {
            this.claim = claim;
            this.task = task;
            this.known = known;
        }
    }

    /** The handler waits for its next effect. */
    private static final class Suspended extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Suspended() {
            super("suspended", null, false, false);
        }
    }

    private static final Object NOTHING = new Object();

    private final Faults faults;
    private final VirtualClock clock;
    private final Transactions transactions;
    private final Table<Task> tasks;
    private final Map<String, TaskHandler> handlers = new HashMap<>();
    private final List<Run> running = new ArrayList<>();
    private int claims;
    private @Nullable Run current;

    TaskQueue(Faults faults, VirtualClock clock, Transactions transactions) {
        this.faults = faults;
        this.clock = clock;
        this.transactions = transactions;
        this.tasks = new Table<>(transactions);
    }

    void register(List<TaskHandler> all) {
        all.forEach(handler -> handlers.put(handler.queue(), handler));
    }

    @Override
    public void enqueue(String queue, String key) {
        enqueueKnowing(queue, key, null);
    }

    @Override
    public void enqueue(String queue, String key, Object known) {
        enqueueKnowing(queue, key, known);
    }

    private void enqueueKnowing(String queue, String key, @Nullable Object known) {
        Task task = tasks.get(queue + "/" + key);
        if (task == null && faults.choices().chance(FREE)) {
            claims++;
            Task claimed = new Task(queue, key, clock.now(), 1, claims, false);
            put(claimed);
            Run run = new Run(claims, claimed, known);
            transactions.onCommit(() -> begin(run));
            return;
        }
        put(
                task == null || task.claim() == NOBODY
                        ? new Task(queue, key, clock.now(), 0, NOBODY, false)
                        : new Task(queue, key, task.due(), task.attempt(), task.claim(), true));
    }

    private void begin(Run run) {
        running.add(run);
        faults.tally.count("begun at once");
        faults.note(() -> run.task.id() + " begins where it was enqueued");
    }

    @Override
    public void cancel(String queue, String key) {
        tasks.remove(queue + "/" + key);
    }

    private void put(Task task) {
        tasks.put(task.id(), task);
    }

    void clear() {
        tasks.clear();
        running.clear();
        claims = NOBODY;
    }

    boolean isEmpty() {
        return tasks.isEmpty() && running.isEmpty();
    }

    /** The process is gone with its runs; their tasks come again when the leases end. */
    void crash() {
        if (!running.isEmpty()) {
            faults.tally.count("task interrupted by a crash");
        }
        // Also those whose run had not begun yet.
        for (Task task : List.copyOf(tasks.rows())) {
            if (task.claim() != NOBODY) {
                put(new Task(task.queue(), task.key(), clock.now() + LEASE, task.attempt(), NOBODY, task.again()));
            }
        }
        running.clear();
        if (faults.has(Defect.FORGETS_TASKS)) {
            tasks.clear();
        }
    }

    /** A process stands still for so long that others may take its tasks; it does not know yet. */
    void freeze() {
        if (running.isEmpty()) {
            return;
        }
        Run frozen = faults.choices().oneOf(running);
        Task task = tasks.get(frozen.task.id());
        if (task != null && task.claim() == frozen.claim) {
            faults.tally.count("frozen");
            faults.note(() -> "the process that runs " + task.id() + " stands still until its lease is over");
            put(new Task(task.queue(), task.key(), clock.now(), task.attempt(), NOBODY, false));
        }
    }

    /** When the next can be claimed that cannot yet. */
    long nextLater() {
        long next = Long.MAX_VALUE;
        for (Task task : tasks.rows()) {
            if (task.claim() == NOBODY && task.due() > clock.now()) {
                next = Math.min(next, task.due());
            }
        }
        return next;
    }

    boolean canClaim() {
        for (Task task : tasks.rows()) {
            if (isClaimable(task)) {
                return true;
            }
        }
        return false;
    }

    private boolean isClaimable(Task task) {
        return task.claim() == NOBODY && task.due() <= clock.now();
    }

    void claim() {
        List<Task> due = new ArrayList<>();
        for (Task task : tasks.rows()) {
            if (isClaimable(task)) {
                due.add(task);
            }
        }
        Task task = faults.choices().oneOf(due);
        claims++;
        Task claimed = new Task(task.queue(), task.key(), task.due(), task.attempt() + 1, claims, false);
        put(claimed);
        running.add(new Run(claims, claimed, null));
        faults.note(() -> "a worker takes " + claimed.id() + ", attempt " + claimed.attempt());
    }

    boolean canGoOn() {
        return !running.isEmpty();
    }

    /** Takes one run one effect further. */
    void goOn() {
        Run run = faults.choices().oneOf(running);
        TaskHandler handler = Objects.requireNonNull(handlers.get(run.task.queue()));
        faults.note(() -> run.task.id() + " goes on");
        run.next = 0;
        run.effectsLeft = 1;
        current = run;
        TaskResult result;
        try {
            result = run.known == null
                    ? handler.handle(run.task.key(), run.task.attempt())
                    : handler.handleAtOnce(run.task.key(), run.known);
        } catch (Suspended e) {
            return;
        } catch (Crash e) {
            throw e;
        } catch (Unanswered e) {
            faults.note(() -> "  but there is no answer");
            result = TaskResult.again(Duration.ofMillis(backoff(run.task.attempt())));
        } finally {
            current = null;
        }
        running.remove(run);
        settle(run, result);
    }

    private void settle(Run run, TaskResult result) {
        Task task = tasks.get(run.task.id());
        if (task == null || task.claim() != run.claim) {
            return;
        }
        if (task.again()) {
            put(new Task(task.queue(), task.key(), clock.now(), 0, NOBODY, false));
            return;
        }
        switch (result) {
            case TaskResult.Done() -> tasks.remove(task.id());
            case TaskResult.Again(Duration after) ->
                put(new Task(task.queue(), task.key(), clock.in(after), task.attempt(), NOBODY, false));
        }
    }

    /** What a handler does to the world, once per step. */
    @SuppressWarnings({"unchecked", "NullAway"})
    <T extends @Nullable Object> T effect(Supplier<T> effect) {
        Run run = Objects.requireNonNull(current, "tasks alone have effects");
        if (run.next < run.answers.size()) {
            Object answer = run.answers.get(run.next++);
            return answer == NOTHING ? null : (T) answer;
        }
        if (run.effectsLeft-- == 0) {
            throw new Suspended();
        }
        T answer = effect.get();
        run.answers.add(answer == null ? NOTHING : answer);
        run.next++;
        return answer;
    }

    private static long backoff(int attempt) {
        return Math.min(FIRST_BACKOFF << Math.min(attempt - 1, 10), LAST_BACKOFF);
    }
}
