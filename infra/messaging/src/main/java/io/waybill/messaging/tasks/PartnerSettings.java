package io.waybill.messaging.tasks;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How calls of a partner are guarded; each of its operations for itself.
 *
 * @param failures after so many failed calls in a row no more are made for a while
 * @param slowCall from when on a call counts as slow; so many slow calls in a row have the same effect
 * @param openFor how long none is made then
 * @param halfOpenCalls how many are made then to see how the partner is
 * @param concurrency how many calls may be under way at once
 */
public record PartnerSettings(
        @DefaultValue("5") int failures,
        @DefaultValue("10s") Duration slowCall,
        @DefaultValue("5s") Duration openFor,
        @DefaultValue("2") int halfOpenCalls,
        @DefaultValue("16") int concurrency) {

    public PartnerSettings {
        if (failures < 1 || halfOpenCalls < 1 || concurrency < 1) {
            throw new IllegalArgumentException("failures, half-open-calls and concurrency of a partner are at least 1");
        }
        if (!slowCall.isPositive() || !openFor.isPositive()) {
            throw new IllegalArgumentException("slow-call and open-for of a partner are more than nothing");
        }
    }
}
