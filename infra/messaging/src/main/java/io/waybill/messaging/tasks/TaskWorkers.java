package io.waybill.messaging.tasks;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.waybill.messaging.logging.LoggedOrder;
import io.waybill.messaging.tasks.OpenCalls.CallBrokenOff;
import io.waybill.messaging.tracing.Tracing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Works the tasks off: one thread claims for all queues in one statement when it is woken (or once per poll), and a
 * virtual thread runs each claimed task while its lease is extended.
 */
final class TaskWorkers implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(TaskWorkers.class);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    private static final Duration LAST_BACKOFF = Duration.ofSeconds(5);

    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("waybill.task.attempt");

    private final TaskTable table;
    private final WakeUp wakeUp;
    private final TaskSettings settings;
    private final Tracing tracing;
    private final Map<String, Lane> lanes;
    private final Set<Claim> running = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Crew crew;

    TaskWorkers(TaskTable table, WakeUp wakeUp, TaskSettings settings, List<TaskHandler> handlers, Tracing tracing) {
        this.table = table;
        this.wakeUp = wakeUp;
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
        }
    }

    @Override
    public synchronized void stop() {
        Crew leaving = crew;
        if (leaving == null) {
            return;
        }
        crew = null;
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
        Map<String, Integer> free = new HashMap<>();
        lanes.forEach((queue, lane) -> {
            int slots = lane.ask();
            if (slots > 0) {
                free.put(queue, slots);
            }
        });
        if (free.isEmpty()) {
            return;
        }
        Map<String, List<Claim>> claims = table.claim(free).stream().collect(Collectors.groupingBy(Claim::queue));
        lanes.forEach((queue, lane) ->
                begin(claims.getOrDefault(queue, List.of()), free.getOrDefault(queue, 0), lane, hands, calls));
    }

    private void begin(List<Claim> claims, int asked, Lane lane, ExecutorService hands, OpenCalls calls) {
        lane.take(claims.size(), asked);
        running.addAll(claims);
        claims.forEach(claim -> hands.execute(() -> LoggedOrder.in(claim.key(), () -> run(claim, lane, calls))));
    }

    /** Returns when the task is settled, or left to the end of its lease. */
    private boolean run(Claim claim, Lane lane, OpenCalls calls) {
        try {
            settle(claim, calls.during(() -> attempt(claim, lane)));
        } catch (RuntimeException e) {
            LOG.warn("Cannot store the result of task {}; it runs again when its lease ends: {}", claim, e.toString());
        } finally {
            running.remove(claim);
            if (lane.leave()) {
                wakeUp.ring();
            }
        }
        return true;
    }

    private TaskResult attempt(Claim claim, Lane lane) {
        try {
            Span span = tracing.resume(SpanKind.INTERNAL, "task " + claim.queue(), claim.traceparent());
            Tracing.describeByKey(span, claim.key()).setAttribute(ATTEMPT, claim.attempt());
            TaskResult result = Tracing.in(span, () -> lane.handler().handle(claim.key(), claim.attempt()));
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

    private void settle(Claim claim, TaskResult result) {
        switch (result) {
            case TaskResult.Done() -> {
                if (!table.finish(claim)) {
                    wakeUp.ring();
                }
            }
            case TaskResult.Again(Duration after) -> {
                table.repeat(claim, after);
                if (after.compareTo(settings.poll()) < 0) {
                    wakeUp.ringAfter(after);
                }
            }
        }
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
