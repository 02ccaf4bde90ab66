package io.waybill.gateway.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Begins the trace of each request, or goes on with the one of a client. Whether it is recorded is decided before
 * anything else is done.
 */
public final class RequestTracing implements AutoCloseable {

    static final String TRACEPARENT = "traceparent";

    private static final IdGenerator IDS = IdGenerator.random();

    /** None where there is nowhere to send spans to. */
    private final @Nullable SdkTracerProvider provider;

    private final @Nullable Tracer tracer;

    private RequestTracing(@Nullable SdkTracerProvider provider) {
        this.provider = provider;
        this.tracer = provider == null ? null : provider.get("io.waybill");
    }

    static RequestTracing off() {
        return new RequestTracing(null);
    }

    static RequestTracing with(SdkTracerProvider provider) {
        return new RequestTracing(provider);
    }

    /** Sends what has not been sent yet. */
    @Override
    public void close() {
        if (provider != null) {
            provider.close();
        }
    }

    /** The trace of a request, named by its method until it is known what is asked for. */
    public RequestTrace begin(ServerHttpRequest request) {
        var headers = request.getHeaders();
        var client = headers.containsKey(TRACEPARENT) ? continued(headers) : Context.root();
        if (tracer == null) {
            return new RequestTrace(null, idOnly(client));
        }
        return new RequestTrace(
                tracer,
                tracer.spanBuilder(request.getMethod().name())
                        .setSpanKind(SpanKind.SERVER)
                        .setParent(client)
                        .startSpan());
    }

    /** An id for what is answered before it is a request. */
    public static String freshId() {
        return IDS.generateTraceId();
    }

    private static Context continued(HttpHeaders headers) {
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, CLIENTS);
    }

    /** An answer has an id in any case, so that people can talk about it. */
    private static Span idOnly(Context client) {
        var begun = Span.fromContext(client);
        return begun.getSpanContext().isValid()
                ? begun
                : Span.wrap(SpanContext.create(
                        IDS.generateTraceId(), IDS.generateSpanId(), TraceFlags.getDefault(), TraceState.getDefault()));
    }

    /**
     * Two contexts are none: nobody could tell which of them is meant. The list of other systems' states is left out,
     * as what is in it would be part of every span.
     */
    private static final TextMapGetter<HttpHeaders> CLIENTS = new TextMapGetter<>() {

        @Override
        public Iterable<String> keys(HttpHeaders headers) {
            return headers.keySet();
        }

        @Override
        public @Nullable String get(@Nullable HttpHeaders headers, String key) {
            List<String> values = headers == null || !key.equals(TRACEPARENT) ? null : headers.get(key);
            return values == null || values.size() > 1 ? null : values.getFirst();
        }
    };
}
