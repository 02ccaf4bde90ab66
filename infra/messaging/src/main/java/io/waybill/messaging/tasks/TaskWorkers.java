package io.waybill.messaging.tasks;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.waybill.messaging.logging.LoggedOrder;
import io.waybill.messaging.tasks.OpenCalls.CallBrokenOff;
import io.waybill.messaging.tasks.OwnSlots.Slot;
import io.waybill.messaging.tracing.Tracing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Works the tasks off. Those that this process enqueues begin by themselves as long as slots are free; what waits is
 * claimed by one thread for all queues in one statement, when it is woken or once per poll. A virtual thread runs each
 * task while its lease is extended. What is done is struck out together with what else is done in the same moment.
 */
final class TaskWorkers implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(TaskWorkers.class);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    private static final Duration LAST_BACKOFF = Duration.ofSeconds(5);

    /** A crash within this time lets what is done be done once more. */
    private static final Duration MOMENT = Duration.ofMillis(100);

    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("waybill.task.attempt");

    private final TaskTable table;
    private final WakeUp wakeUp;
    private final OwnSlots slots;
    private final TaskSettings settings;
    private final Tracing tracing;
    private final Map<String, Lane> lanes;
    private final Set<Claim> running = ConcurrentHashMap.newKeySet();
    private final Queue<Claim> done = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean strikingOut = new AtomicBoolean();
    private volatile @Nullable Crew crew;

    TaskWorkers(
            TaskTable table,
            WakeUp wakeUp,
            OwnSlots slots,
            TaskSettings settings,
            List<TaskHandler> handlers,
            Tracing tracing) {
        this.table = table;
        this.wakeUp = wakeUp;
        this.slots = slots;
        this.settings = settings;
        this.tracing = tracing;
        // Two handlers of one queue are a mistake, and toMap says so.
        this.lanes = handlers.stream()
                .collect(Collectors.toUnmodifiableMap(
                        TaskHandler::queue, handler -> new Lane(handler, settings.concurrency())));
    }

    @Override
    public synchronized void start() {
        if (crew == null && !lanes.isEmpty()) {
            ExecutorService hands = Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("task-", 1).factory());
            OpenCalls calls = new OpenCalls();
            Thread dispatcher = Thread.ofPlatform().name("tasks").daemon().unstarted(() -> dispatch(hands, calls));
            crew = new Crew(dispatcher, hands, calls);
            dispatcher.start();
            slots.open(queue -> slot(queue, hands, calls));
        }
    }

    @Override
    public synchronized void stop() {
        Crew leaving = crew;
        if (leaving == null) {
            return;
        }
        crew = null;
        slots.close();
        wakeUp.ring();
        leaving.calls().close();
        try {
            // At once, as a rule; not so where it waits for a database that is away.
            leaving.dispatcher().join(settings.grace());
            leaving.hands().shutdown();
            if (!ended(leaving)) {
                leaving.calls().breakOff();
                if (!ended(leaving)) {
                    LOG.warn("Tasks that still run are left to the end of their lease: {}", running);
                }
            }
        } catch (InterruptedException e) {
            leaving.calls().breakOff();
            Thread.currentThread().interrupt();
        }
        if (leaving.calls().brokenOff() > 0) {
            LOG.info(
                    "{} calls to partners were not waited for; their tasks are due again",
                    leaving.calls().brokenOff());
        }
    }

    private boolean ended(Crew leaving) throws InterruptedException {
        return leaving.hands().awaitTermination(settings.grace().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean isRunning() {
        return crew != null;
    }

    private void dispatch(ExecutorService hands, OpenCalls calls) {
        long extended = System.nanoTime();
        while (isOnDuty()) {
            try {
                claim(hands, calls);
                if (System.nanoTime() - extended > settings.extension().toNanos()) {
                    extended = System.nanoTime();
                    extendLeases();
                }
            } catch (RuntimeException e) {
                LOG.warn("Cannot look for tasks, trying again: {}", e.toString());
            }
            try {
                wakeUp.await(settings.pause());
            } catch (InterruptedException e) {
                LOG.debug("Interrupted, stopping", e);
                return;
            }
        }
    }

    private boolean isOnDuty() {
        Crew present = crew;
        return present != null && present.dispatcher() == Thread.currentThread();
    }

    private void claim(ExecutorService hands, OpenCalls calls) {
        Map<String, Integer> taken = new HashMap<>();
        lanes.forEach((queue, lane) -> {
            int free = lane.takeAll();
            if (free > 0) {
                taken.put(queue, free);
            }
        });
        if (taken.isEmpty()) {
            return;
        }
        Map<String, List<Claim>> claims = new HashMap<>();
        try {
            table.claim(taken)
                    .forEach(claim -> claims.computeIfAbsent(claim.queue(), queue -> new ArrayList<>())
                            .add(claim));
        } finally {
            taken.forEach((queue, free) ->
                    lane(queue).keep(claims.getOrDefault(queue, List.of()).size(), free));
        }
        claims.forEach((queue, some) -> some.forEach(claim -> begin(claim, null, lane(queue), hands, calls)));
    }

    private Lane lane(String queue) {
        return Objects.requireNonNull(lanes.get(queue));
    }

    /** A slot for a task that is still to be committed. */
    private Optional<Slot> slot(String queue, ExecutorService hands, OpenCalls calls) {
        Lane lane = lanes.get(queue);
        if (lane == null || !lane.take()) {
            return Optional.empty();
        }
        return Optional.of(new Slot() {
            @Override
            public void run(Claim claim, @Nullable Object known) {
                begin(claim, known, lane, hands, calls);
            }

            @Override
            public void giveBack() {
                leave(lane);
            }
        });
    }

    /** @param known what was handed over to this run; null where it has to ask */
    private void begin(Claim claim, @Nullable Object known, Lane lane, ExecutorService hands, OpenCalls calls) {
        running.add(claim);
        try {
            hands.execute(() -> LoggedOrder.in(claim.key(), () -> run(claim, known, lane, calls)));
        } catch (RejectedExecutionException e) {
            LOG.debug("Task {} is left to another process when its lease ends: this one stops", claim, e);
            running.remove(claim);
            leave(lane);
        }
    }

    private void leave(Lane lane) {
        if (lane.leave()) {
            wakeUp.ring();
        }
    }

    /** Returns when the task is settled, or left to the end of its lease. */
    private boolean run(Claim claim, @Nullable Object known, Lane lane, OpenCalls calls) {
        boolean isDone = false;
        try {
            switch (calls.during(() -> attempt(claim, known, lane))) {
                case TaskResult.Done() -> isDone = true;
                case TaskResult.Again(Duration after) -> repeat(claim, after);
            }
        } catch (RuntimeException e) {
            cannotStore(List.of(claim), e);
        } finally {
            if (!isDone) {
                running.remove(claim);
            }
            leave(lane);
        }
        if (isDone) {
            strikeOut(claim);
        }
        return true;
    }

    private TaskResult attempt(Claim claim, @Nullable Object known, Lane lane) {
        try {
            Span span = tracing.resume(SpanKind.INTERNAL, "task " + claim.queue(), claim.traceparent());
            Tracing.describeByKey(span, claim.key()).setAttribute(ATTEMPT, claim.attempt());
            TaskResult result = Tracing.in(span, () -> handle(claim, known, lane.handler()));
            if (lane.worked(claim.key(), System.nanoTime())) {
                LOG.info("Tasks of {} work again", claim.queue());
            }
            return result;
        } catch (CallBrokenOff e) {
            LOG.debug("Task {} is left to another process: {}", claim, e.getMessage());
            return TaskResult.again(Duration.ZERO);
        } catch (NotNow e) {
            LOG.debug("Task {} waits for {}: {}", claim, e.after(), e.getMessage());
            return TaskResult.again(e.after());
        } catch (RuntimeException e) {
            Duration after =
                    backoff(claim.attempt(), ThreadLocalRandom.current().nextDouble());
            if (lane.failed(claim.key(), System.nanoTime())) {
                LOG.warn("Tasks of {} begin to fail and are tried again: {}", claim.queue(), e.toString());
            }
            LOG.debug("Task {} failed (attempt {}), again in {}", claim, claim.attempt(), after, e);
            return TaskResult.again(after);
        }
    }

    private static TaskResult handle(Claim claim, @Nullable Object known, TaskHandler handler) {
        return known == null ? handler.handle(claim.key(), claim.attempt()) : handler.handleAtOnce(claim.key(), known);
    }

    private void repeat(Claim claim, Duration after) {
        table.repeat(claim, after);
        if (after.compareTo(settings.poll()) < 0) {
            wakeUp.ringAfter(after);
        }
    }

    /** The first that is done waits a moment for others, and writes for all of them. */
    private void strikeOut(Claim claim) {
        done.add(claim);
        if (!strikingOut.compareAndSet(false, true)) {
            return;
        }
        LockSupport.parkNanos(MOMENT.toNanos());
        strikingOut.set(false);
        List<Claim> claims = new ArrayList<>();
        for (Claim next = done.poll(); next != null; next = done.poll()) {
            claims.add(next);
        }
        if (claims.isEmpty()) {
            return;
        }
        try {
            for (Claim left : table.finish(claims)) {
                if (!table.finish(left)) {
                    wakeUp.ring();
                }
            }
        } catch (RuntimeException e) {
            cannotStore(claims, e);
        } finally {
            claims.forEach(running::remove);
        }
    }

    private static void cannotStore(List<Claim> claims, RuntimeException e) {
        LOG.warn("Cannot store the result of tasks {}; they run again when their lease ends: {}", claims, e.toString());
    }

    private void extendLeases() {
        List<Claim> claims = List.copyOf(running);
        if (!claims.isEmpty()) {
            table.extend(claims);
        }
    }

    /**
     * Up to a quarter shorter than it would be, so that tasks that failed together do not come back together.
     *
     * @param chance at least 0 and less than 1
     */
    static Duration backoff(int attempt, double chance) {
        int doublings = Math.min(attempt - 1, 10);
        Duration whole = FIRST_BACKOFF.multipliedBy(1L << doublings);
        Duration after = whole.compareTo(LAST_BACKOFF) < 0 ? whole : LAST_BACKOFF;
        return after.minusMillis((long) (chance * after.toMillis() / 4));
    }

    private record Crew(Thread dispatcher, ExecutorService hands, OpenCalls calls) {}
}
