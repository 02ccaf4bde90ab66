package io.waybill.messaging;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the messaging module.
 *
 * @param namespace a prefix of all exchange and queue names, so that several systems can share one broker; empty by
 *     default
 * @param queueType RabbitMQ's {@code x-queue-type}; the embedded broker ignores it
 * @param queueExpiry after how long without a consumer the queues go away with all that is in them, for trials on a
 *     broker that is shared; never where nothing is said
 * @param notifyOtherInstances whether appends are announced to other processes on the same database; without it they
 *     still hear of them, at the next safety poll
 * @param safetyPoll how often the stream is read without having been woken
 * @param confirmTimeout how long a batch may wait for the broker's confirms
 * @param batchSize how many events a processor handles in one transaction at the most
 * @param lease how long a process keeps its processors after its last sign of life
 * @param commandConsumers how many commands from the queue are handled at once
 * @param segments how many segments a processor has, by its name; one where nothing is said
 */
@ConfigurationProperties("waybill.messaging")
public record MessagingProperties(
        @DefaultValue("") String namespace,
        @DefaultValue("quorum") String queueType,
        @Nullable Duration queueExpiry,
        @DefaultValue("true") boolean notifyOtherInstances,
        @DefaultValue("1s") Duration safetyPoll,
        @DefaultValue("5s") Duration confirmTimeout,
        @DefaultValue("200") int batchSize,
        @DefaultValue("4s") Duration lease,
        @DefaultValue("4") int commandConsumers,
        @DefaultValue Map<String, Integer> segments) {

    public MessagingProperties {
        segments = Map.copyOf(segments);
    }
}
