package io.waybill.messaging.tasks;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The free slots of this process' workers, for tasks that it enqueues itself: such a task is written as claimed, and
 * begins when its transaction has committed, without anybody having to look for it.
 */
final class OwnSlots {

    /** A slot that is kept for one task. Exactly one of the two is called, once. */
    interface Slot {

        void run(Claim claim, @Nullable Object known);

        void giveBack();
    }

    private volatile Function<String, Optional<Slot>> workers = queue -> Optional.empty();

    /** From here on tasks may begin; until {@link #close()}. */
    void open(Function<String, Optional<Slot>> slots) {
        workers = slots;
    }

    void close() {
        workers = queue -> Optional.empty();
    }

    /** Keeps a slot for a task of this queue; nothing where all are taken, or nobody here works on it. */
    Optional<Slot> keep(String queue) {
        return workers.apply(queue);
    }
}
