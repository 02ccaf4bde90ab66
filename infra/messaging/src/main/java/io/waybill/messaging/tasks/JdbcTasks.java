package io.waybill.messaging.tasks;

import io.waybill.messaging.tasks.OwnSlots.Slot;
import io.waybill.messaging.tracing.Tracing;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Writes tasks in the current transaction. Once that has committed, they begin in this process if it has a slot free;
 * else its workers are woken, which find them.
 */
final class JdbcTasks implements Tasks {

    private final TaskTable table;
    private final WakeUp wakeUp;
    private final OwnSlots slots;
    private final Duration lease;
    private final Tracing tracing;

    JdbcTasks(TaskTable table, WakeUp wakeUp, OwnSlots slots, Duration lease, Tracing tracing) {
        this.table = table;
        this.wakeUp = wakeUp;
        this.slots = slots;
        this.lease = lease;
        this.tracing = tracing;
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
        Optional<Slot> slot = slots.keep(queue);
        if (slot.isPresent()) {
            enqueueClaimed(new Claim(queue, key, 1, UUID.randomUUID(), tracing.current()), known, slot.get());
        } else {
            table.enqueue(queue, key, tracing.current());
            whenOver(committed -> {
                if (committed) {
                    wakeUp.ring();
                }
            });
        }
    }

    private void enqueueClaimed(Claim claim, @Nullable Object known, Slot slot) {
        long begin = System.nanoTime();
        boolean claimed;
        try {
            claimed = table.enqueueClaimed(claim);
        } catch (RuntimeException e) {
            slot.giveBack();
            throw e;
        }
        whenOver(committed -> {
            // The lease counts from the statement on. After a long transaction somebody else may have the task already.
            boolean late = System.nanoTime() - begin > lease.dividedBy(2).toNanos();
            if (committed && claimed && !late) {
                slot.run(claim, known);
                return;
            }
            slot.giveBack();
            if (committed) {
                wakeUp.ring();
            }
            if (committed && claimed) {
                wakeUp.ringAfter(lease);
            }
        });
    }

    private interface End {
        void of(boolean committed);
    }

    /** After the current transaction; at once where there is none. */
    private static void whenOver(End end) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            end.of(true);
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                end.of(status == STATUS_COMMITTED);
            }
        });
    }

    @Override
    public void cancel(String queue, String key) {
        table.cancel(queue, key);
    }
}
