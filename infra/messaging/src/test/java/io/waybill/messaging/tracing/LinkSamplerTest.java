package io.waybill.messaging.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LinkSamplerTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @Test
    void what_goes_back_to_a_sampled_trace_is_sampled() {
        assertThat(decision(Sampler.alwaysOff(), TraceFlags.getSampled()))
                .isEqualTo(SamplingDecision.RECORD_AND_SAMPLE);
    }

    @Test
    void what_goes_back_to_a_trace_that_is_not_is_not() {
        assertThat(decision(Sampler.alwaysOn(), TraceFlags.getDefault())).isEqualTo(SamplingDecision.DROP);
    }

    @Test
    void what_goes_back_to_nothing_is_sampled_by_chance() {
        assertThat(decision(Sampler.alwaysOn())).isEqualTo(SamplingDecision.RECORD_AND_SAMPLE);
        assertThat(decision(Sampler.alwaysOff())).isEqualTo(SamplingDecision.DROP);
    }

    private static SamplingDecision decision(Sampler unlinked, TraceFlags... linked) {
        List<LinkData> links = List.of(linked).stream()
                .map(flags ->
                        LinkData.create(SpanContext.create(TRACE, "00f067aa0ba902b7", flags, TraceState.getDefault())))
                .toList();
        return new LinkSampler(unlinked)
                .shouldSample(Context.root(), TRACE, "deadline", SpanKind.INTERNAL, Attributes.empty(), links)
                .getDecision();
    }
}
