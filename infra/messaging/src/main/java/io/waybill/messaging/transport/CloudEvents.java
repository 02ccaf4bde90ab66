package io.waybill.messaging.transport;

import io.opentelemetry.api.trace.Span;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import io.waybill.messaging.tracing.Tracing;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;

/**
 * CloudEvents 1.0 in binary mode on AMQP 0-9-1, which has no binding of its own: the attributes travel as headers with
 * the names of the AMQP 1.0 binding, the body is the payload's JSON. Everything that comes in is hostile until it has
 * been looked up in the catalogue.
 */
final class CloudEvents {

    static final String PREFIX = "cloudEvents:";

    /**
     * Where an event stands in the stream of its source, as {@code <transaction id>:<position>}; whoever keeps answers
     * of that context compares it with the position that an answer was made of.
     */
    static final String POSITION = PREFIX + "position";

    private static final Pattern TYPE = Pattern.compile("(waybill\\.[a-z]{1,30}\\.[A-Za-z]{1,60})\\.v(\\d{1,4})");
    private static final int LONGEST_TEXT = 200;
    private static final int LARGEST_BODY = 1 << 20;

    private CloudEvents() {}

    /**
     * A message as it travels.
     *
     * @param type without the revision
     * @param body the payload's JSON
     */
    record Envelope(
            String id,
            String source,
            String type,
            int revision,
            String subject,
            Instant time,
            @Nullable Long sequence,
            String partitionKey,
            String body) {}

    /** What came in is no message that this context understands. */
    static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message, null, false, false);
        }
    }

    static Message toMessage(Envelope envelope) {
        MessageBuilder builder = MessageBuilder.withBody(envelope.body().getBytes(StandardCharsets.UTF_8));
        builder.setContentType(MessageProperties.CONTENT_TYPE_JSON)
                .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
                .setMessageId(envelope.id())
                .setHeader(PREFIX + "specversion", "1.0")
                .setHeader(PREFIX + "id", envelope.id())
                .setHeader(PREFIX + "source", envelope.source())
                .setHeader(PREFIX + "type", envelope.type() + ".v" + envelope.revision())
                .setHeader(PREFIX + "subject", envelope.subject())
                .setHeader(PREFIX + "time", envelope.time().toString())
                .setHeader(PREFIX + "partitionkey", envelope.partitionKey());
        if (envelope.sequence() != null) {
            builder.setHeader(PREFIX + "sequence", Long.toString(envelope.sequence()));
        }
        return builder.build();
    }

    /** The same with the trace context of the hop. */
    static Message toMessage(Envelope envelope, Span hop) {
        Message message = toMessage(envelope);
        String context = Tracing.contextOf(hop);
        if (context != null) {
            message.getMessageProperties().setHeader(Tracing.TRACEPARENT, context);
        }
        return message;
    }

    /** Reads a message of one of the given kinds; its payload is still only text. */
    static Envelope fromMessage(Message message, MessageCatalogue catalogue, MessageType.Kind kind) throws Unreadable {
        Map<String, Object> headers = message.getMessageProperties().getHeaders();
        Matcher type = TYPE.matcher(text(headers, "type"));
        if (!type.matches()) {
            throw new Unreadable("cloudEvents:type is not of the form waybill.<context>.<Name>.v<revision>");
        }
        MessageType known = catalogue
                .named(type.group(1))
                .filter(found -> found.kind() == kind)
                .orElseThrow(() -> new Unreadable("the type " + type.group(1) + " is not expected here"));
        int revision = Integer.parseInt(type.group(2));
        if (revision < 1 || revision > known.revision()) {
            throw new Unreadable("revision " + revision + " of " + type.group(1) + " is not known yet");
        }
        String source = text(headers, "source");
        if (kind == MessageType.Kind.FOREIGN_EVENT && !source.equals(MessageCatalogue.source(known.context()))) {
            throw new Unreadable("an event of " + known.context() + " does not come from " + source);
        }
        return new Envelope(
                text(headers, "id"),
                source,
                type.group(1),
                revision,
                text(headers, "subject"),
                time(text(headers, "time")),
                sequence(headers.get(PREFIX + "sequence")),
                text(headers, "partitionkey"),
                body(message.getBody()));
    }

    /** Of a message that may not be readable otherwise; null where it names none. */
    static @Nullable String partitionKey(Message message) {
        try {
            return text(message.getMessageProperties().getHeaders(), "partitionkey");
        } catch (Unreadable e) {
            return null;
        }
    }

    private static String text(Map<String, Object> headers, String attribute) throws Unreadable {
        Object value = headers.get(PREFIX + attribute);
        if (value == null) {
            throw new Unreadable("the header cloudEvents:" + attribute + " is missing");
        }
        String text = value.toString();
        if (text.isEmpty() || text.length() > LONGEST_TEXT || text.chars().anyMatch(Character::isISOControl)) {
            throw new Unreadable("the header cloudEvents:" + attribute + " is empty, too long or not printable");
        }
        return text;
    }

    private static Instant time(String text) throws Unreadable {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new Unreadable("the header cloudEvents:time is no ISO 8601 instant");
        }
    }

    private static @Nullable Long sequence(@Nullable Object value) throws Unreadable {
        if (value == null) {
            return null;
        }
        try {
            return Long.parseLong(value.toString());
        } catch (NumberFormatException e) {
            throw new Unreadable("the header cloudEvents:sequence is no whole number");
        }
    }

    private static String body(byte[] body) throws Unreadable {
        if (body.length > LARGEST_BODY) {
            throw new Unreadable("the body is larger than 1 MiB");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Unreadable("the body is no UTF-8 text");
        }
    }
}
