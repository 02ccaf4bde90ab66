package io.waybill.messaging.tasks;

/**
 * Asks for work that must not happen inside the transaction that decides on it. What is asked for is committed or
 * rolled back with the current transaction, survives a crash, and is done at least once by the {@link TaskHandler} of
 * its queue.
 */
public interface Tasks {

    /**
     * Asks for a run that begins after this transaction. A task that waits is due at once and its attempts count anew;
     * one that runs just now runs once more afterwards.
     */
    void enqueue(String queue, String key);

    /**
     * The same, and hands over what the decision knows already: a run that begins in this process right after the
     * transaction need not ask for it. Every other run has to, so a handler never relies on it.
     *
     * @param known is not stored anywhere
     */
    default void enqueue(String queue, String key, Object known) {
        enqueue(queue, key);
    }

    /**
     * Withdraws a task. A run that has begun is not interrupted, but its result counts for nothing; should the same
     * task be enqueued before that run ends, two runs overlap.
     */
    void cancel(String queue, String key);
}
