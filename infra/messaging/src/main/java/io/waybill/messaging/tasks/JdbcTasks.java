package io.waybill.messaging.tasks;

import io.waybill.messaging.tracing.Tracing;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writes tasks in the current transaction and wakes the workers of this process once they can see them. */
final class JdbcTasks implements Tasks {

    private final TaskTable table;
    private final WakeUp wakeUp;
    private final Tracing tracing;

    JdbcTasks(TaskTable table, WakeUp wakeUp, Tracing tracing) {
        this.table = table;
        this.wakeUp = wakeUp;
        this.tracing = tracing;
    }

    @Override
    public void enqueue(String queue, String key) {
        table.enqueue(queue, key, tracing.current());
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new WakeUpAfterCommit(wakeUp));
        } else {
            wakeUp.ring();
        }
    }

    @Override
    public void cancel(String queue, String key) {
        table.cancel(queue, key);
    }

    private record WakeUpAfterCommit(WakeUp wakeUp) implements TransactionSynchronization {

        @Override
        public void afterCommit() {
            wakeUp.ring();
        }
    }
}
