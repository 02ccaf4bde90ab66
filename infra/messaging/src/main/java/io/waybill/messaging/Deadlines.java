package io.waybill.messaging;

import io.waybill.kernel.Event;
import java.time.Duration;

/**
 * Durable alarms. When one is due, its event enters the context's own stream, so that a saga hears of time in the same
 * order as of everything else. Arming and disarming take effect with the caller's transaction.
 */
public interface Deadlines {

    /**
     * The metadata of an event that was an alarm: how many milliseconds after it was due it rang, by the database's
     * clock; a {@code Long}, never negative. What rings much later than the moment that it takes to ring was not heard
     * in time because this context, its database or the stream was away.
     */
    String LATE_MILLIS = "waybill-late-millis";

    /**
     * Sets an alarm.
     *
     * @param id names the alarm; arming an id again moves it
     * @param in how long from now, by the database's clock
     * @param event an internal event of the own context, appended when the time has come; kept with its revision, so
     *     that the upcasters of a later release read it
     */
    void arm(String id, Duration in, Event event);

    /** Does nothing where no such alarm is armed. One that already went off is not called back. */
    void disarm(String id);
}
