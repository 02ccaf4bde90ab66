package io.waybill.messaging.tasks;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls to partners that running tasks wait for. A stop breaks these off and nothing else: a task itself is never
 * interrupted, because an interrupt in the middle of a statement costs the connection.
 */
final class OpenCalls {

    private static final ThreadLocal<@Nullable OpenCalls> OF_THIS_TASK = new ThreadLocal<>();

    private final Set<FutureTask<?>> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger brokenOff = new AtomicInteger();
    private volatile boolean closed;

    /** The calls of the task that this thread runs; null where it runs none. */
    static @Nullable OpenCalls ofThisTask() {
        return OF_THIS_TASK.get();
    }

    <T> T during(Supplier<T> task) {
        OF_THIS_TASK.set(this);
        try {
            return task.get();
        } finally {
            OF_THIS_TASK.remove();
        }
    }

    /** @throws CallBrokenOff if no call may begin any more */
    void begin(FutureTask<?> call) {
        open.add(call);
        if (closed) {
            open.remove(call);
            throw refusal();
        }
    }

    CallBrokenOff refusal() {
        brokenOff.incrementAndGet();
        return new CallBrokenOff();
    }

    /** How many calls were broken off, or did not begin. */
    int brokenOff() {
        return brokenOff.get();
    }

    void end(FutureTask<?> call) {
        open.remove(call);
    }

    /** From here on no call begins; those that have begun may still be answered. */
    void close() {
        closed = true;
    }

    void breakOff() {
        open.forEach(call -> call.cancel(true));
    }

    /** The process stops. The call may have worked; another process asks again. */
    static final class CallBrokenOff extends RuntimeException {

        private static final long serialVersionUID = 1L;

        CallBrokenOff() {
            super("broken off, because this process stops", null, false, false);
        }
    }
}
