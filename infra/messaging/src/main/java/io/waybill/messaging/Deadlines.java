package io.waybill.messaging;

import io.waybill.kernel.Event;
import java.time.Duration;

/**
 * Durable alarms. When one is due, its event enters the context's own stream, so that a saga hears of time in the same
 * order as of everything else. Arming and disarming take effect with the caller's transaction.
 */
public interface Deadlines {

    /**
     * Sets an alarm.
     *
     * @param id names the alarm; arming an id again moves it
     * @param in how long from now, by the database's clock
     * @param event an internal event of the own context, appended when the time has come
     */
    void arm(String id, Duration in, Event event);

    /** Does nothing where no such alarm is armed. One that already went off is not called back. */
    void disarm(String id);
}
