package io.waybill.messaging.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.waybill.messaging.MessageCatalogue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TracingTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SENDER = "00f067aa0ba902b7";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + SENDER + "-01";

    private final Tracing tracing = Tracing.with(
            SdkTracerProvider.builder()
                    .addSpanProcessor(new OrderIdProcessor())
                    .build()
                    .get("test"),
            MessageCatalogue.of("inventory").build());

    @Test
    void what_resumes_a_context_is_a_child_of_it() {
        Span span = tracing.resume(SpanKind.INTERNAL, "task", TRACEPARENT);
        assertThat(span.getSpanContext().getTraceId()).isEqualTo(TRACE);
        assertThat(read(span).getParentSpanContext().getSpanId()).isEqualTo(SENDER);
        assertThat(Tracing.traceId(Tracing.contextOf(span))).contains(TRACE);
    }

    @Test
    void a_context_says_whether_it_was_recorded() {
        assertThat(Tracing.isRecorded(TRACEPARENT)).isTrue();
        assertThat(Tracing.isRecorded("00-" + TRACE + "-" + SENDER + "-00")).isFalse();
        assertThat(Tracing.isRecorded(null)).isFalse();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "00",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nSet-Cookie: a=b",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void what_is_no_context_is_resumed_by_nothing(@Nullable String traceparent) {
        assertThat(tracing.resume(SpanKind.INTERNAL, "task", traceparent)).isSameAs(Span.getInvalid());
        assertThat(tracing.begin(SpanKind.INTERNAL, "deadline", traceparent)
                        .getSpanContext()
                        .isValid())
                .isTrue();
    }

    @Test
    void what_comes_from_an_unknown_sender_begins_a_trace() {
        Span span = tracing.receive(SpanKind.CONSUMER, "receive", null);
        assertThat(span.getSpanContext().isValid()).isTrue();
        assertThat(read(span).getParentSpanContext().isValid()).isFalse();
    }

    @Test
    void what_begins_later_is_a_trace_of_its_own_with_a_link() {
        Span span = tracing.begin(SpanKind.INTERNAL, "deadline", TRACEPARENT);
        assertThat(read(span).getParentSpanContext().isValid()).isFalse();
        assertThat(span.getSpanContext().getTraceId()).isNotEqualTo(TRACE);
        assertThat(read(span).toSpanData().getLinks())
                .extracting(LinkData::getSpanContext)
                .extracting(link -> link.getTraceId() + link.getSpanId())
                .containsExactly(TRACE + SENDER);
    }

    @Test
    void a_detail_is_shown_only_of_what_is_recorded() {
        assertThat(tracing.detail(SpanKind.CLIENT, "SELECT task")).isSameAs(Span.getInvalid());
        Span outer = tracing.start(SpanKind.INTERNAL, "handle");
        Span detail = Tracing.in(outer, () -> tracing.detail(SpanKind.CLIENT, "SELECT task"));
        assertThat(read(detail).getParentSpanContext()).isEqualTo(outer.getSpanContext());
    }

    @Test
    void what_is_done_within_a_span_is_done_for_its_order() {
        Span outer = tracing.start(SpanKind.INTERNAL, "handle").setAttribute(Tracing.ORDER_ID, "ord_1");
        Span inner = Tracing.in(outer, () -> tracing.start(SpanKind.CLIENT, "carrier book"));
        assertThat(read(inner).getAttribute(Tracing.ORDER_ID)).isEqualTo("ord_1");
    }

    @Test
    void of_a_failure_only_the_type_is_told() {
        Span span = tracing.start(SpanKind.INTERNAL, "handle");
        assertThatThrownBy(() -> Tracing.in(span, () -> {
                    throw new IllegalStateException("Grace Hopper lives elsewhere");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(read(span).hasEnded()).isTrue();
        assertThat(read(span).toSpanData().toString())
                .contains("IllegalStateException")
                .doesNotContain("Hopper");
    }

    @Nested
    class Switched_off {

        @Test
        void nothing_begins_and_no_context_is_found() {
            Tracing off = Tracing.off();
            assertThat(off.start(SpanKind.INTERNAL, "handle")).isSameAs(Span.getInvalid());
            assertThat(off.resume(SpanKind.INTERNAL, "task", TRACEPARENT)).isSameAs(Span.getInvalid());
            assertThat(off.receive(SpanKind.CONSUMER, "receive", TRACEPARENT)).isSameAs(Span.getInvalid());
            assertThat(off.begin(SpanKind.INTERNAL, "deadline", TRACEPARENT)).isSameAs(Span.getInvalid());
            assertThat(off.current()).isNull();
        }
    }

    private static ReadableSpan read(Span span) {
        return (ReadableSpan) span;
    }
}
