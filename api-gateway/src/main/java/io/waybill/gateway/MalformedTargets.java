package io.waybill.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.waybill.gateway.tracing.RequestTrace;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.web.embedded.netty.NettyServerCustomizer;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A target that is no URI is refused by Spring before any filter or error handler sees it, with a bare 400; this gives
 * that answer its problem document.
 */
@Component
final class MalformedTargets implements NettyServerCustomizer {

    private final EarlyProblems problems;

    MalformedTargets(EarlyProblems problems) {
        this.problems = problems;
    }

    @Override
    public HttpServer apply(HttpServer server) {
        return server.mapHandle(this::handle);
    }

    private Mono<Void> handle(Mono<Void> handling, Connection connection) {
        // Nothing has been subscribed to yet, so only Spring's own refusal can have set a status already.
        return connection instanceof HttpServerResponse response
                        && HttpResponseStatus.BAD_REQUEST.equals(response.status())
                ? refuse(response)
                : handling;
    }

    private Mono<Void> refuse(HttpServerResponse response) {
        var problem = problems.of(ProblemCode.BAD_REQUEST);
        var document = problem.document().getBytes(StandardCharsets.UTF_8);
        return response.header(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(document.length))
                .header(RequestTrace.REQUEST_ID, problem.requestId())
                .sendByteArray(Mono.just(document))
                .then();
    }
}
