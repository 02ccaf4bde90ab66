package io.waybill.messaging.tasks;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.concurrent.Semaphore;

/** The tasks of one queue that this process runs side by side. Only the dispatcher takes slots. */
final class Lane {

    /** Longer than the longest pause between two attempts and an attempt. */
    static final Duration FORGOTTEN = Duration.ofMinutes(2);

    private static final int MOST_REMEMBERED = 10_000;

    private final TaskHandler handler;
    private final Semaphore slots;
    private volatile boolean full;

    /** The tasks whose last attempt failed, by the time of it, the oldest first. */
    private final LinkedHashMap<String, Long> failing = new LinkedHashMap<>();

    Lane(TaskHandler handler, int slots) {
        this.handler = handler;
        this.slots = new Semaphore(slots);
    }

    TaskHandler handler() {
        return handler;
    }

    /** How many slots are free. A slot that is left from now on may be wanted by a task that waits. */
    int ask() {
        full = true;
        return slots.availablePermits();
    }

    void take(int claimed, int asked) {
        full = claimed == asked;
        slots.acquireUninterruptibly(claimed);
    }

    /** Notes a failed attempt; says whether this queue worked until now. */
    synchronized boolean failed(String key, long nanoTime) {
        forgetGone(nanoTime);
        boolean began = failing.isEmpty();
        failing.remove(key);
        if (failing.size() < MOST_REMEMBERED) {
            failing.put(key, nanoTime);
        }
        return began;
    }

    /** Notes an attempt that did not fail; says whether nothing of this queue fails any more. */
    synchronized boolean worked(String key, long nanoTime) {
        if (failing.isEmpty()) {
            return false;
        }
        failing.remove(key);
        forgetGone(nanoTime);
        return failing.isEmpty();
    }

    /** What fails is tried again soon; what is not was cancelled, or another process took it over. */
    private void forgetGone(long nanoTime) {
        Iterator<Long> oldest = failing.values().iterator();
        while (oldest.hasNext() && nanoTime - oldest.next() > FORGOTTEN.toNanos()) {
            oldest.remove();
        }
    }

    /** Says whether more tasks may be waiting for the slot that is free now. */
    boolean leave() {
        slots.release();
        return full;
    }
}
