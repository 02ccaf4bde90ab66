package io.waybill.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.waybill.gateway.Operation.ToContext;
import io.waybill.gateway.tracing.RequestTrace;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.reactive.error.ErrorWebExceptionHandler;
import org.springframework.core.annotation.Order;
import org.springframework.core.codec.DecodingException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The one place where errors become problem documents, and where they are logged. Stands before Boot's handler. */
@Component
@Order(-2)
final class ProblemHandler implements ErrorWebExceptionHandler {

    /** Seconds. Contexts restart within a few; clients that hurry more only add to the crowd. */
    private static final String RETRY_AFTER = "5";

    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

    private final ObjectMapper json;

    ProblemHandler(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        var response = exchange.getResponse();
        if (response.isCommitted()) {
            // Too late for a document: the broken connection must tell, and the server logs it.
            return Mono.error(error);
        }
        var code = codeOf(error);
        var trace = RequestTrace.of(exchange);
        trace.inLog(exchange.getRequest().getPath().value(), () -> log(exchange, code, error));
        prepare(response, code, error);
        var detail = error instanceof RefusedRequest refused ? refused.detail() : code.detail();
        trace.problem(code.name());
        var document = document(code.at(exchange.getRequest().getURI().getRawPath(), detail, trace.id()));
        response.getHeaders().setContentLength(document.length);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(document)));
    }

    private static ProblemCode codeOf(Throwable error) {
        return switch (error) {
            case RefusedRequest refused -> refused.code();
            case TimeoutException timeout -> ProblemCode.CONTEXT_TIMEOUT;
            case IOException broken -> ProblemCode.CONTEXT_UNAVAILABLE;
            case ResponseStatusException answer -> codeOf(answer);
            default -> ProblemCode.INTERNAL;
        };
    }

    private static ProblemCode codeOf(ResponseStatusException answer) {
        var status = answer.getStatusCode();
        if (status.isSameCodeAs(HttpStatus.GATEWAY_TIMEOUT)) {
            return ProblemCode.CONTEXT_TIMEOUT;
        }
        if (status.isSameCodeAs(HttpStatus.NOT_FOUND)) {
            return ProblemCode.ROUTE_NOT_FOUND;
        }
        if (status.isSameCodeAs(HttpStatus.UNSUPPORTED_MEDIA_TYPE)) {
            return ProblemCode.UNSUPPORTED_MEDIA_TYPE;
        }
        if (status.isSameCodeAs(HttpStatus.NOT_ACCEPTABLE)) {
            return ProblemCode.NOT_ACCEPTABLE;
        }
        if (answer.getCause() instanceof DecodingException unreadable) {
            return unreadable.getCause() instanceof UnrecognizedPropertyException
                    ? ProblemCode.UNKNOWN_FIELD
                    : ProblemCode.MALFORMED_REQUEST;
        }
        return status.is4xxClientError() ? ProblemCode.BAD_REQUEST : ProblemCode.INTERNAL;
    }

    private static void prepare(ServerHttpResponse response, ProblemCode code, Throwable error) {
        var headers = response.getHeaders();
        // A context may have begun to answer before it failed.
        headers.clear();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        response.setStatusCode(code.status());
        if (code.status() == HttpStatus.UNAUTHORIZED) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        } else if (code == ProblemCode.ACCESS_DENIED) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\"");
        }
        if (code == ProblemCode.CONTEXT_UNAVAILABLE || code == ProblemCode.TEMPORARILY_UNAVAILABLE) {
            headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
        }
        if (error instanceof RefusedRequest refused) {
            refused.headers().forEach(headers::set);
        }
    }

    private byte[] document(Problem problem) {
        try {
            return json.writeValueAsBytes(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of strings is always JSON", e);
        }
    }

    /** By its route, as anything may stand in a path. */
    private static void log(ServerWebExchange exchange, ProblemCode code, Throwable error) {
        var method = exchange.getRequest().getMethod();
        var route = Objects.requireNonNullElse(Operation.routeOf(exchange), "of no route");
        if (error instanceof RefusedRequest) {
            // No news: a breaker, for one, is logged when it opens.
            LOG.debug("{} {}: {}", method, route, code);
            return;
        }
        switch (code) {
            case INTERNAL -> LOG.error("{} {} failed", method, route, error);
            case CONTEXT_UNAVAILABLE, CONTEXT_TIMEOUT, TEMPORARILY_UNAVAILABLE ->
                LOG.warn("{} {}: {} of {}: {}", method, route, code, contextOf(exchange), reason(error));
            default -> LOG.debug("{} {}: {}", method, route, code);
        }
    }

    private static String reason(Throwable error) {
        return String.valueOf(error instanceof RefusedRequest && error.getCause() != null ? error.getCause() : error);
    }

    private static String contextOf(ServerWebExchange exchange) {
        return exchange.getAttribute(Operation.ATTRIBUTE) instanceof ToContext operation
                ? operation.context().id()
                : "the gateway";
    }
}
