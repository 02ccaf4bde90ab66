package io.waybill.gateway;

import java.util.concurrent.TimeoutException;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Takes in the whole body before anything is passed on. Bodies are small by contract, so a context never sees half of
 * one, and a slow client costs a context nothing.
 */
@Component
@Order(FilterOrder.BODY)
final class BodyFilter implements WebFilter {

    private final GatewaySettings settings;

    BodyFilter(GatewaySettings settings) {
        this.settings = settings;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var headers = exchange.getRequest().getHeaders();
        if (headers.getContentLength() > settings.maxBody().toBytes()) {
            return Mono.error(new RefusedRequest(ProblemCode.BODY_TOO_LARGE));
        }
        var announced = headers.getContentLength() > 0 || headers.containsKey(HttpHeaders.TRANSFER_ENCODING);
        return announced
                ? withWholeBody(exchange).filter(BodyFilter::isUnanswered).flatMap(chain::filter)
                : chain.filter(exchange);
    }

    private Mono<ServerWebExchange> withWholeBody(ServerWebExchange exchange) {
        var request = exchange.getRequest();
        return DataBufferUtils.join(request.getBody(), (int) settings.maxBody().toBytes())
                .map(BodyFilter::bytes)
                .defaultIfEmpty(new byte[0])
                .timeout(settings.requestTimeout())
                .onErrorMap(BodyFilter::refusal)
                .map(body ->
                        exchange.mutate().request(new Received(request, body)).build());
    }

    /** Netty answers a broken encoding by itself and then ends the body as though it were whole. */
    private static boolean isUnanswered(ServerWebExchange exchange) {
        HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
        return !response.hasSentHeaders();
    }

    private static byte[] bytes(DataBuffer buffer) {
        var bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private static RefusedRequest refusal(Throwable error) {
        return new RefusedRequest(
                switch (error) {
                    case DataBufferLimitException tooLarge -> ProblemCode.BODY_TOO_LARGE;
                    case TimeoutException tooSlow -> ProblemCode.REQUEST_TIMEOUT;
                    default -> ProblemCode.BAD_REQUEST;
                });
    }

    private static final class Received extends ServerHttpRequestDecorator {

        private final byte[] body;
        private final HttpHeaders headers;

        Received(ServerHttpRequest request, byte[] body) {
            super(request);
            this.body = body;
            this.headers = new HttpHeaders();
            headers.addAll(request.getHeaders());
            headers.remove(HttpHeaders.TRANSFER_ENCODING);
            headers.setContentLength(body.length);
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return Flux.defer(() -> Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body)));
        }
    }
}
