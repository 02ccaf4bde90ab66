package io.waybill.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.gateway.Operation.ToContext;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.reactive.error.ErrorWebExceptionHandler;
import org.springframework.core.annotation.Order;
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
        log(exchange, code, error);
        prepare(response, code, error);
        var document = document(code, exchange.getRequest().getURI().getRawPath());
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
        return status.is4xxClientError() ? ProblemCode.BAD_REQUEST : ProblemCode.INTERNAL;
    }

    private static void prepare(ServerHttpResponse response, ProblemCode code, Throwable error) {
        var headers = response.getHeaders();
        // A context may have begun to answer before it failed.
        headers.clear();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        response.setStatusCode(code.status());
        if (code == ProblemCode.CONTEXT_UNAVAILABLE) {
            headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
        }
        if (error instanceof RefusedRequest refused && !refused.allow().isEmpty()) {
            headers.set(HttpHeaders.ALLOW, refused.allow());
        }
    }

    byte[] document(ProblemCode code, String path) {
        try {
            return json.writeValueAsBytes(code.at(path));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of strings is always JSON", e);
        }
    }

    private static void log(ServerWebExchange exchange, ProblemCode code, Throwable error) {
        var request = exchange.getRequest();
        var path = request.getURI().getRawPath();
        switch (code) {
            case INTERNAL -> LOG.error("{} {} failed", request.getMethod(), path, error);
            case CONTEXT_UNAVAILABLE, CONTEXT_TIMEOUT ->
                LOG.warn("{} {}: {} of {}: {}", request.getMethod(), path, code, contextOf(exchange), error.toString());
            default -> LOG.debug("{} {}: {}", request.getMethod(), path, code);
        }
    }

    private static String contextOf(ServerWebExchange exchange) {
        return exchange.getAttribute(Operation.ATTRIBUTE) instanceof ToContext operation
                ? operation.context().id()
                : "the gateway";
    }
}
