package io.waybill.order.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How customers watch their orders.
 *
 * @param maxWaiting how many requests of a process may wait for an outcome; the next are answered at once
 * @param maxStreams how many live streams a process serves; the next are refused
 * @param heartbeat after how much silence a stream shows that it is there
 * @param longestStream after how much time a stream ends, so that its client comes again
 * @param stall how long a client may take nothing before it is given up
 * @param retry how long a client is asked to wait before it comes again
 */
@ConfigurationProperties("waybill.order.watching")
record WatchingSettings(
        @DefaultValue("2000") int maxWaiting,
        @DefaultValue("5000") int maxStreams,
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("30m") Duration longestStream,
        @DefaultValue("30s") Duration stall,
        @DefaultValue("2s") Duration retry) {}
