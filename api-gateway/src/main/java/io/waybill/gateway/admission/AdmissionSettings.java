package io.waybill.gateway.admission;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much the gateway does at once.
 *
 * @param ordinary requests under way at once
 * @param waiting requests under way at once that asked to wait for their outcome
 * @param streams live updates open at once
 * @param streamsPerClient how many of these one client may have
 * @param bodies bodies that are awaited at once; whoever has waited longest gives way to one more
 * @param retryAfter when those who are turned away are asked to come back
 * @param headTimeout how long a client may take from the first byte of a request to the end of its headers
 * @param readTimeout how long a client may take to receive what is sent to it
 * @param maxNesting how deep JSON may be nested in what the gateway itself reads
 */
@ConfigurationProperties("waybill.gateway.admission")
record AdmissionSettings(
        @DefaultValue("1000") int ordinary,
        @DefaultValue("2000") int waiting,
        @DefaultValue("10000") int streams,
        @DefaultValue("50") int streamsPerClient,
        @DefaultValue("1000") int bodies,
        @DefaultValue("1s") Duration retryAfter,
        @DefaultValue("10s") Duration headTimeout,
        @DefaultValue("30s") Duration readTimeout,
        @DefaultValue("32") int maxNesting) {

    AdmissionSettings {
        require(ordinary > 0, "ordinary");
        require(waiting > 0, "waiting");
        require(streams > 0, "streams");
        require(streamsPerClient > 0, "streams-per-client");
        require(bodies > 0, "bodies");
        require(retryAfter.isPositive(), "retry-after");
        require(headTimeout.isPositive(), "head-timeout");
        require(readTimeout.isPositive(), "read-timeout");
        require(maxNesting > 0, "max-nesting");
    }

    private static void require(boolean positive, String setting) {
        if (!positive) {
            throw new IllegalArgumentException("waybill.gateway.admission." + setting + " must be more than nothing");
        }
    }
}
