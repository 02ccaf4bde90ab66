package io.waybill.messaging.tasks;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
    private static final Duration LAST_BACKOFF = Duration.ofSeconds(30);

    private final TaskTable table;
    private final WakeUp wakeUp;
    private final TaskSettings settings;
    private final Map<String, Lane> lanes;
    private final Set<Claim> running = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Crew crew;

    TaskWorkers(TaskTable table, WakeUp wakeUp, TaskSettings settings, List<TaskHandler> handlers) {
        this.table = table;
        this.wakeUp = wakeUp;
        this.settings = settings;
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
            Thread dispatcher = Thread.ofPlatform().name("tasks").daemon().unstarted(() -> dispatch(hands));
            crew = new Crew(dispatcher, hands);
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
        try {
            leaving.dispatcher().join();
            leaving.hands().shutdown();
            if (!leaving.hands().awaitTermination(settings.grace().toMillis(), TimeUnit.MILLISECONDS)) {
                handBack(leaving);
            }
        } catch (InterruptedException e) {
            leaving.hands().shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return crew != null;
    }

    private void handBack(Crew leaving) {
        List<Claim> late = List.copyOf(running);
        LOG.info("Handing back {} tasks that did not end within {}", late.size(), settings.grace());
        table.release(late);
        leaving.hands().shutdownNow();
    }

    private void dispatch(ExecutorService hands) {
        long extended = System.nanoTime();
        while (crew != null) {
            try {
                claim(hands);
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

    private void claim(ExecutorService hands) {
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
                begin(claims.getOrDefault(queue, List.of()), free.getOrDefault(queue, 0), lane, hands));
    }

    private void begin(List<Claim> claims, int asked, Lane lane, ExecutorService hands) {
        lane.take(claims.size(), asked);
        running.addAll(claims);
        claims.forEach(claim -> hands.execute(() -> run(claim, lane)));
    }

    private void run(Claim claim, Lane lane) {
        try {
            settle(claim, attempt(claim, lane.handler()));
        } catch (RuntimeException e) {
            LOG.warn("Cannot store the result of task {}; it runs again when its lease ends: {}", claim, e.toString());
        } finally {
            running.remove(claim);
            if (lane.leave()) {
                wakeUp.ring();
            }
        }
    }

    private static TaskResult attempt(Claim claim, TaskHandler handler) {
        try {
            return handler.handle(claim.key(), claim.attempt());
        } catch (NotNow e) {
            LOG.debug("Task {} waits for {}: {}", claim, e.after(), e.getMessage());
            return TaskResult.again(e.after());
        } catch (RuntimeException e) {
            Duration after = backoff(claim.attempt());
            LOG.warn("Task {} failed (attempt {}), again in {}: {}", claim, claim.attempt(), after, e.toString());
            LOG.debug("Cause of task {}", claim, e);
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

    static Duration backoff(int attempt) {
        int doublings = Math.min(attempt - 1, 10);
        Duration after = FIRST_BACKOFF.multipliedBy(1L << doublings);
        return after.compareTo(LAST_BACKOFF) < 0 ? after : LAST_BACKOFF;
    }

    private record Crew(Thread dispatcher, ExecutorService hands) {}
}
