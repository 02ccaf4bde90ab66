package io.waybill.messaging.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.waybill.kernel.Command;
import io.waybill.kernel.Event;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import io.waybill.messaging.Rejection;
import io.waybill.observability.OrderIds;
import java.util.List;
import java.util.Optional;
import org.axonframework.messaging.Message;
import org.jspecify.annotations.Nullable;

/**
 * Begins spans and carries their context to where the work goes on: in headers, in rows, to other threads. A context
 * travels as text, in the form of W3C Trace Context's {@code traceparent}. Where tracing is off, no span is ever begun
 * and no context is found.
 *
 * <p>Spans say which order, which context and which type of message they are about, and of a failure only its type: a
 * message may quote what a customer told us.
 */
public final class Tracing {

    /** The header of a message and the key of an event's metadata. */
    public static final String TRACEPARENT = "traceparent";

    /** What the id of a trace is called in documents. */
    public static final String TRACE_ID = "traceId";

    public static final AttributeKey<String> ORDER_ID = AttributeKey.stringKey("order.id");
    public static final AttributeKey<Boolean> REPLAY = AttributeKey.booleanKey("waybill.replay");
    static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    private static final AttributeKey<String> REJECTION = AttributeKey.stringKey("waybill.rejection");
    private static final AttributeKey<String> CONTEXT = AttributeKey.stringKey("waybill.context");
    private static final AttributeKey<String> MESSAGE_TYPE = AttributeKey.stringKey("waybill.message.type");
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> MESSAGE_ID = AttributeKey.stringKey("messaging.message.id");

    private static final Tracing OFF = new Tracing(null, MessageCatalogue.of("").build());

    private final @Nullable Tracer tracer;
    private final MessageCatalogue catalogue;

    private Tracing(@Nullable Tracer tracer, MessageCatalogue catalogue) {
        this.tracer = tracer;
        this.catalogue = catalogue;
    }

    static Tracing with(Tracer tracer, MessageCatalogue catalogue) {
        return new Tracing(tracer, catalogue);
    }

    public static Tracing off() {
        return OFF;
    }

    /** A part of what this thread is doing; the beginning of a new trace where it does nothing that is traced. */
    public Span start(SpanKind kind, String name) {
        return tracer == null ? Span.getInvalid() : started(tracer, kind, name, Context.current());
    }

    /** A part of what this thread is doing; nothing where that is not recorded. */
    public Span detail(SpanKind kind, String name) {
        return tracer == null || !Span.current().isRecording()
                ? Span.getInvalid()
                : started(tracer, kind, name, Context.current());
    }

    /** What follows from work that was done elsewhere or earlier; nothing where no context was kept of that. */
    public Span resume(SpanKind kind, String name, @Nullable String traceparent) {
        SpanContext parent = tracer == null ? SpanContext.getInvalid() : parse(traceparent);
        return tracer == null || !parent.isValid()
                ? Span.getInvalid()
                : started(tracer, kind, name, Context.root().with(Span.wrap(parent)));
    }

    /** What follows from a message that was kept; nothing where no context was kept with it. */
    public Span resume(SpanKind kind, String name, Message<?> message) {
        // Metadata is read only where somebody wants to know.
        return tracer == null ? Span.getInvalid() : resume(kind, name, contextOf(message));
    }

    /**
     * What came from another process: it follows from what was done there, or is the beginning where that is unknown.
     */
    public Span receive(SpanKind kind, String name, @Nullable Object traceparent) {
        Span received = resume(kind, name, traceparent == null ? null : traceparent.toString());
        return received.getSpanContext().isValid() || tracer == null
                ? received
                : started(tracer, kind, name, Context.root());
    }

    /** The beginning of a trace of its own, with a link to what it goes back to, if that is known. */
    public Span begin(SpanKind kind, String name, @Nullable String cause) {
        if (tracer == null) {
            return Span.getInvalid();
        }
        SpanContext linked = parse(cause);
        var builder =
                tracer.spanBuilder(name).setSpanKind(kind).setNoParent().setAttribute(CONTEXT, catalogue.context());
        return (linked.isValid() ? builder.addLink(linked) : builder).startSpan();
    }

    private Span started(Tracer with, SpanKind kind, String name, Context parent) {
        return with.spanBuilder(name)
                .setSpanKind(kind)
                .setParent(parent)
                .setAttribute(CONTEXT, catalogue.context())
                .startSpan();
    }

    /** Says what the span is about; so does what it is a part of in this process. */
    public Span describe(Span span, Object payload) {
        if (!span.isRecording()) {
            return span;
        }
        span.setAttribute(
                MESSAGE_TYPE,
                catalogue
                        .ofPayload(payload.getClass())
                        .map(MessageType::qualifiedName)
                        .orElse(payload.getClass().getSimpleName()));
        orderOf(payload).ifPresent(order -> {
            span.setAttribute(ORDER_ID, order);
            Span.current().setAttribute(ORDER_ID, order);
        });
        return span;
    }

    /** Says what the span is about where the payload is still only text. */
    public Span describe(Span span, String type, String partitionKey) {
        if (span.isRecording()) {
            span.setAttribute(MESSAGE_TYPE, type);
            describeByKey(span, partitionKey);
        }
        return span;
    }

    /** Says which order it is about, by any key that names it. */
    public static Span describeByKey(Span span, String key) {
        if (span.isRecording()) {
            orderOf(key).ifPresent(order -> span.setAttribute(ORDER_ID, order));
        }
        return span;
    }

    /** Says which message it is and where it goes to or comes from. */
    public static Span hop(Span span, String messageId, String destination) {
        return span.isRecording()
                ? span.setAttribute(SYSTEM, "rabbitmq")
                        .setAttribute(DESTINATION, destination)
                        .setAttribute(MESSAGE_ID, messageId)
                : span;
    }

    private static Optional<String> orderOf(Object payload) {
        String key = switch (payload) {
            case Command command -> command.partitionKey();
            case Event event -> event.partitionKey();
            default -> "";
        };
        return orderOf(key);
    }

    private static Optional<String> orderOf(String key) {
        return Optional.ofNullable(OrderIds.in(key));
    }

    /** Work that may fail in one way of its own. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object, E extends Exception> {

        T run() throws E;
    }

    /** Does the work as what the span stands for, and ends it. */
    public static <T extends @Nullable Object, E extends Exception> T in(Span span, Work<T, E> work) throws E {
        try {
            return within(span, work);
        } catch (Exception | Error e) {
            failed(span, e);
            throw e;
        } finally {
            span.end();
        }
    }

    /** The same for work without a result. */
    public static void run(Span span, Runnable work) {
        in(span, () -> {
            work.run();
            return true;
        });
    }

    /** Does the work as a part of what the span stands for, which may go on longer. */
    public static <T extends @Nullable Object, E extends Exception> T within(Span span, Work<T, E> work) throws E {
        if (!span.getSpanContext().isValid()) {
            return work.run();
        }
        Scope scope = span.makeCurrent();
        try {
            return work.run();
        } finally {
            scope.close();
        }
    }

    /** A refusal is an answer and no failure. */
    public static void failed(Span span, Throwable failure) {
        if (failure instanceof Rejection rejection) {
            span.setAttribute(REJECTION, rejection.code().name());
        } else if (span.isRecording()) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute(ERROR_TYPE, failure.getClass().getName());
        }
    }

    /** The context of what this thread is doing; null where that is not traced. */
    public @Nullable String current() {
        return tracer == null ? null : contextOf(Span.current());
    }

    /** The context that work goes on from; null where there is no span. */
    public static @Nullable String contextOf(Span span) {
        SpanContext context = span.getSpanContext();
        return context.isValid()
                ? "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                        + context.getTraceFlags().asHex()
                : null;
    }

    /** The context that a message was made in; null where there was none. */
    private static @Nullable String contextOf(Message<?> message) {
        return message.getMetaData().get(TRACEPARENT) instanceof String context ? context : null;
    }

    /** The id of the trace that a context belongs to. */
    public static Optional<String> traceId(@Nullable String traceparent) {
        SpanContext context = parse(traceparent);
        return context.isValid() ? Optional.of(context.getTraceId()) : Optional.empty();
    }

    /** Whether spans were kept of the work that a context belongs to, so that there is something to look at. */
    public static boolean isRecorded(@Nullable String traceparent) {
        return parse(traceparent).isSampled();
    }

    /** The id of the trace that this thread's work belongs to, recorded or not; there whether tracing is on or off. */
    public static Optional<String> currentTraceId() {
        SpanContext context = Span.current().getSpanContext();
        return context.isValid() ? Optional.of(context.getTraceId()) : Optional.empty();
    }

    /** Whatever came from outside is a context of the standard's form, or none. */
    private static SpanContext parse(@Nullable String traceparent) {
        if (traceparent == null) {
            return SpanContext.getInvalid();
        }
        Context found = W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, ONE_HEADER);
        return Span.fromContext(found).getSpanContext();
    }

    private static final TextMapGetter<String> ONE_HEADER = new TextMapGetter<>() {

        @Override
        public Iterable<String> keys(String traceparent) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String traceparent, String key) {
            return key.equals(TRACEPARENT) ? traceparent : null;
        }
    };
}
