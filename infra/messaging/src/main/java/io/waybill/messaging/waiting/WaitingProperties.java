package io.waybill.messaging.waiting;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of waiting.
 *
 * @param readYourWrites how long a request waits for its read model to have seen a write
 * @param maxWaiting how many requests of a process may wait for that at the same time; the next is refused at once
 * @param reread how often a process looks by itself whether what it is waited for has moved: a net below messages that
 *     got lost
 */
@ConfigurationProperties("waybill.waiting")
public record WaitingProperties(
        @DefaultValue("3s") Duration readYourWrites,
        @DefaultValue("1000") int maxWaiting,
        @DefaultValue("10s") Duration reread) {}
