package io.waybill.standalone.traces;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ZipkinSpansTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String BEFORE = "0af7651916cd43dd8448eb211c80319c";

    @Test
    void a_call_is_told_with_its_times_in_microseconds_and_both_its_ends() {
        JsonNode told = told(Span.newBuilder()
                .setTraceId(id(TRACE))
                .setSpanId(id("00f067aa0ba902b7"))
                .setParentSpanId(id("b7ad6b7169203331"))
                .setName("UPDATE order_summary")
                .setKind(SpanKind.SPAN_KIND_CLIENT)
                .setStartTimeUnixNano(1_700_000_000_123_456_789L)
                .setEndTimeUnixNano(1_700_000_000_125_456_789L)
                .addAttributes(attribute("db.system.name", "postgresql")));

        assertThat(told.toString()).isEqualTo("""
            {"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","id":"00f067aa0ba902b7","name":"UPDATE order_summary",\
            "timestamp":1700000000123456,"duration":2000,"parentId":"b7ad6b7169203331","kind":"CLIENT",\
            "localEndpoint":{"serviceName":"order"},"remoteEndpoint":{"serviceName":"postgresql"},\
            "annotations":[],"tags":{"db.system.name":"postgresql"}}\
            """);
    }

    @Test
    void what_is_done_within_a_process_is_of_no_kind_and_never_without_a_duration() {
        JsonNode told = told(Span.newBuilder().setKind(SpanKind.SPAN_KIND_INTERNAL));
        assertThat(told.has("kind")).isFalse();
        assertThat(told.has("parentId")).isFalse();
        assertThat(told.path("duration").asLong()).isEqualTo(1);
    }

    @Test
    void links_are_tags() {
        JsonNode tags = told(Span.newBuilder()
                        .addLinks(Span.Link.newBuilder().setTraceId(id(BEFORE)).setSpanId(id("b7ad6b7169203331"))))
                .path("tags");
        assertThat(tags.path("link.0.trace").asText()).isEqualTo(BEFORE);
        assertThat(tags.path("link.0.span").asText()).isEqualTo("b7ad6b7169203331");
    }

    @Test
    void a_failure_is_shown_as_one() {
        var failed = Span.newBuilder().setStatus(Status.newBuilder().setCode(StatusCode.STATUS_CODE_ERROR));
        assertThat(told(failed).at("/tags/error").asText()).isEqualTo("true");
        assertThat(told(failed.addAttributes(attribute("error.type", "503")))
                        .at("/tags/error")
                        .asText())
                .isEqualTo("503");
    }

    @Test
    void events_are_told_on_one_line_each() {
        JsonNode told = told(Span.newBuilder()
                .addEvents(Span.Event.newBuilder()
                        .setName("retry")
                        .setTimeUnixNano(5_000)
                        .addAttributes(KeyValue.newBuilder()
                                .setKey("waybill.retry.pause_ms")
                                .setValue(AnyValue.newBuilder().setIntValue(120)))));
        assertThat(told.path("annotations").toString())
                .isEqualTo("[{\"timestamp\":5,\"value\":\"retry waybill.retry.pause_ms=120\"}]");
    }

    private static JsonNode told(Span.Builder span) {
        return ZipkinSpans.of(ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(ResourceSpans.newBuilder()
                                .setResource(Resource.newBuilder().addAttributes(attribute("service.name", "order")))
                                .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
                        .build())
                .path(0);
    }

    private static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static ByteString id(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }
}
