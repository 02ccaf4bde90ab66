package io.waybill.standalone.traces;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What OpenTelemetry's protocol says, in the form that Zipkin takes (its API's {@code /api/v2/spans}). Zipkin knows no
 * links, so they become tags that lead to the other trace.
 */
final class ZipkinSpans {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ZipkinSpans() {}

    static ArrayNode of(ExportTraceServiceRequest request) {
        ArrayNode spans = JSON.arrayNode();
        request.getResourceSpansList().forEach(resource -> {
            String service = text(resource.getResource().getAttributesList(), "service.name");
            resource.getScopeSpansList()
                    .forEach(scope -> scope.getSpansList().forEach(span -> spans.add(of(service, span))));
        });
        return spans;
    }

    private static ObjectNode of(String service, Span span) {
        ObjectNode json = JSON.objectNode()
                .put("traceId", hex(span.getTraceId()))
                .put("id", hex(span.getSpanId()))
                .put("name", span.getName())
                .put("timestamp", micros(span.getStartTimeUnixNano()))
                // Zipkin takes none for a span without an end.
                .put("duration", Math.max(1, micros(span.getEndTimeUnixNano() - span.getStartTimeUnixNano())));
        if (!span.getParentSpanId().isEmpty()) {
            json.put("parentId", hex(span.getParentSpanId()));
        }
        switch (span.getKind()) {
            case SPAN_KIND_CLIENT, SPAN_KIND_SERVER, SPAN_KIND_PRODUCER, SPAN_KIND_CONSUMER ->
                json.put("kind", span.getKind().name().replace("SPAN_KIND_", ""));
            default -> {
                // Zipkin says nothing of spans within a process.
            }
        }
        json.putObject("localEndpoint").put("serviceName", service);
        String other = otherSide(span.getAttributesList());
        if (!other.isEmpty()) {
            json.putObject("remoteEndpoint").put("serviceName", other);
        }
        ArrayNode annotations = json.putArray("annotations");
        span.getEventsList()
                .forEach(event -> annotations
                        .addObject()
                        .put("timestamp", micros(event.getTimeUnixNano()))
                        .put("value", told(event)));
        json.set("tags", tags(span));
        return json;
    }

    private static ObjectNode tags(Span span) {
        ObjectNode tags = JSON.objectNode();
        span.getAttributesList().forEach(attribute -> tags.put(attribute.getKey(), text(attribute.getValue())));
        if (span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR) {
            // By this tag Zipkin shows a span in red.
            String type = text(span.getAttributesList(), "error.type");
            tags.put("error", type.isEmpty() ? "true" : type);
        }
        for (int i = 0; i < span.getLinksCount(); i++) {
            var link = span.getLinks(i);
            tags.put("link." + i + ".trace", hex(link.getTraceId()));
            tags.put("link." + i + ".span", hex(link.getSpanId()));
        }
        return tags;
    }

    private static String told(Span.Event event) {
        var told = new StringBuilder(event.getName());
        event.getAttributesList()
                .forEach(attribute ->
                        told.append(' ').append(attribute.getKey()).append('=').append(text(attribute.getValue())));
        return told.toString();
    }

    private static String otherSide(List<KeyValue> attributes) {
        for (String key : List.of("peer.service", "db.system.name", "messaging.system")) {
            String name = text(attributes, key);
            if (!name.isEmpty()) {
                return name;
            }
        }
        return "";
    }

    private static String text(List<KeyValue> attributes, String key) {
        return attributes.stream()
                .filter(attribute -> attribute.getKey().equals(key))
                .map(attribute -> text(attribute.getValue()))
                .findFirst()
                .orElse("");
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> String.valueOf(value.getBoolValue());
            case INT_VALUE -> String.valueOf(value.getIntValue());
            case DOUBLE_VALUE -> String.valueOf(value.getDoubleValue());
            default -> value.toString();
        };
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }
}
