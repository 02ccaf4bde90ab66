package io.waybill.messaging.tasks;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;

/** The tasks of one queue that this process runs side by side. */
final class Lane {

    /** Longer than the longest pause between two attempts and an attempt. */
    static final Duration FORGOTTEN = Duration.ofMinutes(2);

    private static final int MOST_REMEMBERED = 10_000;

    private final TaskHandler handler;
    private int free;

    /** Whether tasks may wait for a slot, or to be seen. Who comes later does not begin before them. */
    private boolean crowded;

    /** The tasks whose last attempt failed, by the time of it, the oldest first. */
    private final LinkedHashMap<String, Long> failing = new LinkedHashMap<>();

    Lane(TaskHandler handler, int slots) {
        this.handler = handler;
        this.free = slots;
    }

    TaskHandler handler() {
        return handler;
    }

    /** Takes one slot, if one is free and nobody waits for it. */
    synchronized boolean take() {
        crowded |= free == 0;
        if (crowded) {
            return false;
        }
        free--;
        return true;
    }

    /** Takes all slots that are free, for tasks that wait. */
    synchronized int takeAll() {
        int taken = free;
        free = 0;
        crowded = taken == 0;
        return taken;
    }

    /** @param needed of those that were taken by {@link #takeAll()}; the others are free again */
    synchronized void keep(int needed, int taken) {
        free += taken - needed;
        crowded |= needed == taken;
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

    /** Says whether tasks may be waiting for the slot that is free now. */
    synchronized boolean leave() {
        free++;
        return crowded;
    }
}
