package io.waybill.messaging.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/** A trace that goes back to another one is sampled if that was: an order is seen as a whole or not at all. */
record LinkSampler(Sampler unlinked) implements Sampler {

    @Override
    public SamplingResult shouldSample(
            Context parent, String traceId, String name, SpanKind kind, Attributes attributes, List<LinkData> links) {
        if (links.isEmpty()) {
            return unlinked.shouldSample(parent, traceId, name, kind, attributes, links);
        }
        boolean sampled = links.stream().anyMatch(link -> link.getSpanContext().isSampled());
        return sampled ? SamplingResult.recordAndSample() : SamplingResult.drop();
    }

    @Override
    public String getDescription() {
        return "LinkSampler{" + unlinked.getDescription() + "}";
    }
}
