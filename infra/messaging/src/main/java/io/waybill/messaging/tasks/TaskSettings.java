package io.waybill.messaging.tasks;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How tasks are worked off.
 *
 * @param concurrency how many tasks of one queue run at once in this process, so that one slow partner call never keeps
 *     another kind of call waiting
 * @param lease how long after a crash nobody else runs a task; extended while it runs
 * @param poll how long a task may wait that was enqueued by another process, or before a crash
 * @param grace how long a stop waits for partners' answers before it breaks the calls off, and then for the tasks to
 *     end
 */
@ConfigurationProperties("waybill.tasks")
record TaskSettings(
        @DefaultValue("16") int concurrency,
        @DefaultValue("4s") Duration lease,
        @DefaultValue("1s") Duration poll,
        @DefaultValue("1s") Duration grace) {

    TaskSettings {
        if (concurrency < 1) {
            throw new IllegalArgumentException("waybill.tasks.concurrency is at least 1");
        }
    }

    /** Often enough that two extensions may fail before the lease ends. */
    Duration extension() {
        return lease.dividedBy(3);
    }

    /** How long to rest when nothing is to be done. */
    Duration pause() {
        return poll.compareTo(extension()) < 0 ? poll : extension();
    }
}
