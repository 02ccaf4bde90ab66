package io.waybill.testing;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A span as a collector received it.
 *
 * @param service the process that it is from
 * @param parentId empty where it is the first of its trace
 * @param linkedTo the ids of the spans that it goes back to
 */
public record SeenSpan(
        String service,
        String traceId,
        String id,
        String parentId,
        String kind,
        String name,
        boolean failed,
        long startNanos,
        long endNanos,
        Map<String, String> attributes,
        List<String> linkedTo,
        List<Event> events,
        String everything) {

    /** What happened on the way. */
    public record Event(String name, Map<String, String> attributes) {

        public Event {
            attributes = Map.copyOf(attributes);
        }
    }

    public SeenSpan {
        attributes = Map.copyOf(attributes);
        linkedTo = List.copyOf(linkedTo);
        events = List.copyOf(events);
    }

    static SeenSpan of(String service, Span span) {
        return new SeenSpan(
                service,
                hex(span.getTraceId().toByteArray()),
                hex(span.getSpanId().toByteArray()),
                hex(span.getParentSpanId().toByteArray()),
                span.getKind().name().replace("SPAN_KIND_", ""),
                span.getName(),
                span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR,
                span.getStartTimeUnixNano(),
                span.getEndTimeUnixNano(),
                attributes(span.getAttributesList()),
                span.getLinksList().stream()
                        .map(link -> hex(link.getSpanId().toByteArray()))
                        .toList(),
                span.getEventsList().stream()
                        .map(event -> new Event(event.getName(), attributes(event.getAttributesList())))
                        .toList(),
                span.toString());
    }

    static Map<String, String> attributes(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toUnmodifiableMap(KeyValue::getKey, attribute -> switch (attribute
                .getValue()
                .getValueCase()) {
            case STRING_VALUE -> attribute.getValue().getStringValue();
            case BOOL_VALUE -> String.valueOf(attribute.getValue().getBoolValue());
            case INT_VALUE -> String.valueOf(attribute.getValue().getIntValue());
            default -> attribute.getValue().toString();
        }));
    }

    private static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }

    /** Whether it shows a statement or what belongs to a transaction. */
    public boolean isSql() {
        return attributes.containsKey("db.system.name") || name.equals("BEGIN") || name.equals("COMMIT");
    }

    public String attribute(String key) {
        return attributes.getOrDefault(key, "");
    }
}
