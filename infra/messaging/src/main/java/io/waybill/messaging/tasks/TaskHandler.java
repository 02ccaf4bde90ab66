package io.waybill.messaging.tasks;

/**
 * Does the tasks of one queue, outside any transaction and at least once each: after a crash, or when its result could
 * not be stored, a task runs again. It decides from the key what is still to be done.
 */
public interface TaskHandler {

    String queue();

    /**
     * Does one run and says what becomes of the task. An exception lets it run again after 200 ms, doubling up to 5 s.
     *
     * @param attempt 1 for the first run since the task was enqueued
     */
    TaskResult handle(String key, int attempt);

    /**
     * Does the run that begins right after the transaction that enqueued the task, in the same process, if something
     * was handed over to it.
     *
     * @param known what was known when that transaction committed
     */
    default TaskResult handleAtOnce(String key, Object known) {
        return handle(key, 1);
    }
}
