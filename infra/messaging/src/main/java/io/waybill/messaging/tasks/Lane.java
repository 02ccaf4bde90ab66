package io.waybill.messaging.tasks;

import java.util.concurrent.Semaphore;

/** The tasks of one queue that this process runs side by side. Only the dispatcher takes slots. */
final class Lane {

    private final TaskHandler handler;
    private final Semaphore slots;
    private volatile boolean full;

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

    /** Says whether more tasks may be waiting for the slot that is free now. */
    boolean leave() {
        slots.release();
        return full;
    }
}
