package io.waybill.gateway.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.waybill.observability.OrderIds;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The trace of one request. What is noted costs nothing where the trace is not recorded, and nothing of what is noted
 * was typed by a client, but for the id of an order.
 */
public final class RequestTrace {

    /** The header that names the trace in every answer. */
    public static final String REQUEST_ID = "X-Request-Id";

    private static final String ATTRIBUTE = RequestTrace.class.getName();

    /** Under which an exchange holds the span of the try that is under way. */
    private static final String TRY = ATTRIBUTE + ".try";

    /** How often a context has been asked for this exchange. */
    private static final String TRIES = ATTRIBUTE + ".tries";

    private static final RequestTrace NONE = new RequestTrace(null, Span.getInvalid());

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<Long> RESENT = AttributeKey.longKey("http.request.resend_count");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<String> TEMPLATE = AttributeKey.stringKey("url.template");
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("peer.service");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> ORDER_ID = AttributeKey.stringKey("order.id");
    private static final AttributeKey<String> PROBLEM = AttributeKey.stringKey("waybill.problem");
    private static final AttributeKey<String> CACHE = AttributeKey.stringKey("waybill.cache.status");
    private static final AttributeKey<Boolean> CLIENT_LEFT = AttributeKey.booleanKey("waybill.client.left");
    private static final AttributeKey<String> POLICY = AttributeKey.stringKey("waybill.limit.policy");
    private static final AttributeKey<String> DECIDED_BY = AttributeKey.stringKey("waybill.limit.by");
    private static final AttributeKey<Boolean> GRANTED = AttributeKey.booleanKey("waybill.limit.granted");
    private static final AttributeKey<String> BREAKER = AttributeKey.stringKey("waybill.breaker.name");
    private static final AttributeKey<String> BREAKER_STATE = AttributeKey.stringKey("waybill.breaker.state");
    private static final AttributeKey<Long> PAUSE = AttributeKey.longKey("waybill.retry.pause_ms");

    private static final String LOGGED_TRACE = "traceId";
    private static final String LOGGED_ORDER = "orderId";

    private static final int LONGEST_CACHE_STATUS = 200;

    private final @Nullable Tracer tracer;
    private final Span span;
    private volatile boolean failed;

    RequestTrace(@Nullable Tracer tracer, Span span) {
        this.tracer = tracer;
        this.span = span;
    }

    /** That of the exchange's request; one that records nothing where there is none. */
    public static RequestTrace of(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE) instanceof RequestTrace trace ? trace : NONE;
    }

    public void attachTo(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }

    public boolean isRecording() {
        return span.isRecording();
    }

    /** Null only for what is asked at the management port. */
    public @Nullable String id() {
        var context = span.getSpanContext();
        return context.isValid() ? context.getTraceId() : null;
    }

    /**
     * Lets lines that are logged meanwhile name the trace, and the order that the path is about. A request is on no
     * thread of its own, so only whoever logs knows which one it is.
     */
    public void inLog(String path, Runnable logging) {
        var order = OrderIds.in(path);
        MDC.put(LOGGED_TRACE, id());
        if (order != null) {
            MDC.put(LOGGED_ORDER, order);
        }
        try {
            logging.run();
        } finally {
            MDC.remove(LOGGED_TRACE);
            MDC.remove(LOGGED_ORDER);
        }
    }

    /** Without spans of its own, the gateway leaves it to the context to name the trace. */
    public void nameIn(HttpHeaders answer) {
        if (tracer != null || !answer.containsKey(REQUEST_ID)) {
            answer.set(REQUEST_ID, id());
        }
    }

    /** Notes what is in the head of the answer; one that tells of a failure is the end. */
    public void answered(ServerWebExchange exchange, @Nullable String route) {
        if (!span.isRecording()) {
            return;
        }
        var headers = exchange.getResponse().getHeaders();
        noteOrder(span, headers.getFirst(HttpHeaders.LOCATION));
        var cache = headers.get("Cache-Status");
        if (cache != null) {
            var own = cache.getLast();
            span.setAttribute(CACHE, own.substring(0, Math.min(own.length(), LONGEST_CACHE_STATUS)));
        }
        if (failed) {
            end(exchange, route);
        }
    }

    /** The answer has been given. */
    public void end(ServerWebExchange exchange, @Nullable String route) {
        var request = exchange.getRequest();
        noteOrder(span, request.getPath().value());
        name(span, request.getMethod(), route);
        if (route != null) {
            span.setAttribute(ROUTE, route);
        }
        noteStatus(span, exchange.getResponse());
        span.end();
    }

    /** The request failed; what is told about that, if it is not too late for it, has still to be written. */
    public void failed(ServerWebExchange exchange, @Nullable String route, Throwable failure) {
        failed = true;
        if (exchange.getResponse().isCommitted()) {
            noteFailure(span, failure);
            end(exchange, route);
        }
    }

    /** Nobody waits for the answer, or for more of it. */
    public void clientLeft(ServerWebExchange exchange, @Nullable String route) {
        span.setAttribute(CLIENT_LEFT, true);
        end(exchange, route);
    }

    /** Why the gateway itself gives the answer. */
    public void problem(String code) {
        if (span.isRecording()) {
            span.setAttribute(PROBLEM, code);
        }
    }

    public void limited(String policy, String by, boolean granted) {
        if (span.isRecording()) {
            span.addEvent("limit decided", Attributes.of(POLICY, policy, DECIDED_BY, by, GRANTED, granted));
        }
    }

    public void breakerRefused(String breaker, String state) {
        if (span.isRecording()) {
            span.addEvent("breaker refused", Attributes.of(BREAKER, breaker, BREAKER_STATE, state));
        }
    }

    public void retries(Duration pause) {
        if (span.isRecording()) {
            span.addEvent("retry", Attributes.of(PAUSE, pause.toMillis()));
        }
    }

    /** There have been too many retries for another one. */
    public void retryRefused() {
        if (span.isRecording()) {
            span.addEvent("retry refused");
        }
    }

    /** One try to have the exchange answered by a context, which lasts until the head of the answer is there. */
    public Mono<Void> tried(ServerWebExchange exchange, String context, String route, Mono<Void> asking) {
        if (tracer == null || !span.isRecording()) {
            return asking;
        }
        var attempt = ask(tracer, exchange.getRequest().getMethod(), context, route);
        noteOrder(attempt, exchange.getRequest().getPath().value());
        var before = exchange.getAttributes().merge(TRIES, 1, (tries, one) -> (int) tries + (int) one);
        if (before instanceof Integer number && number > 1) {
            attempt.setAttribute(RESENT, number - 1L);
        }
        exchange.getAttributes().put(TRY, attempt);
        return ended(attempt, asking.doOnSuccess(nothing -> {
            var response = exchange.getResponse();
            noteOrder(attempt, response.getHeaders().getFirst(HttpHeaders.LOCATION));
            noteStatus(attempt, response);
        }));
    }

    /**
     * One question of the gateway's own to a context.
     *
     * @param question is given the headers that carry the trace on
     */
    public <T> Mono<T> asks(HttpMethod method, String context, String route, Function<HttpHeaders, Mono<T>> question) {
        return Mono.defer(() -> {
            var headers = new HttpHeaders();
            if (tracer == null || !span.isRecording()) {
                carryIn(headers, span);
                return question.apply(headers);
            }
            var attempt = ask(tracer, method, context, route);
            carryIn(headers, attempt);
            return ended(attempt, question.apply(headers));
        });
    }

    private Span ask(Tracer with, HttpMethod method, String context, String route) {
        var attempt = with.spanBuilder(method.name())
                .setSpanKind(SpanKind.CLIENT)
                .setParent(Context.root().with(span))
                .setAttribute(PEER, context)
                .setAttribute(TEMPLATE, route)
                .startSpan();
        name(attempt, method, route);
        return attempt;
    }

    private static <T> Mono<T> ended(Span attempt, Mono<T> asking) {
        return asking.doOnSuccess(answer -> attempt.end())
                .doOnError(failure -> {
                    noteFailure(attempt, failure);
                    attempt.end();
                })
                // It took too long, or nobody wants the answer any more.
                .doOnCancel(() -> {
                    attempt.setStatus(StatusCode.ERROR);
                    attempt.setAttribute(ERROR_TYPE, "cancelled");
                    attempt.end();
                });
    }

    /** The headers of a request with the context of this trace instead of the client's. */
    HttpHeaders carried(HttpHeaders headers, ServerWebExchange exchange) {
        if (tracer == null || !span.getSpanContext().isValid()) {
            return headers;
        }
        var sent = new HttpHeaders();
        sent.putAll(headers);
        carryIn(sent, exchange.getAttribute(TRY) instanceof Span attempt ? attempt : span);
        return sent;
    }

    private void carryIn(HttpHeaders headers, Span from) {
        if (tracer != null) {
            W3CTraceContextPropagator.getInstance().inject(Context.root().with(from), headers, (sent, name, value) -> {
                if (sent != null) {
                    sent.set(name, value);
                }
            });
        }
    }

    /** By the route and never by the path, which may be anything. */
    private static void name(Span span, HttpMethod method, @Nullable String route) {
        var known = HttpMethod.values();
        var word = "HTTP";
        for (var one : known) {
            if (one.equals(method)) {
                word = one.name();
            }
        }
        span.setAttribute(METHOD, word.equals("HTTP") ? "_OTHER" : word);
        span.updateName(route == null ? word : word + " " + route);
    }

    private static void noteOrder(Span span, @Nullable String path) {
        var order = path == null ? null : OrderIds.in(path);
        if (order != null) {
            span.setAttribute(ORDER_ID, order);
        }
    }

    private static void noteStatus(Span span, ServerHttpResponse response) {
        var status = response.getStatusCode();
        if (status != null) {
            noteStatus(span, status.value());
        }
    }

    /** What a client did wrong is no failure of ours. */
    private static void noteStatus(Span span, int status) {
        span.setAttribute(STATUS, (long) status);
        if (status >= 500) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute(ERROR_TYPE, Integer.toString(status));
        }
    }

    /** Its message may quote somebody. */
    private static void noteFailure(Span span, Throwable failure) {
        if (failure instanceof WebClientResponseException answer) {
            noteStatus(span, answer.getStatusCode().value());
        } else {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute(ERROR_TYPE, failure.getClass().getName());
        }
    }
}
