package io.waybill.gateway.admission;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.gateway.FilterOrder;
import io.waybill.gateway.GatewaySettings;
import io.waybill.gateway.ProblemCode;
import io.waybill.gateway.RefusedRequest;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
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
 * one, and a slow client costs a context nothing. While the body is awaited its request holds no place, or whoever
 * announces bodies and sends none could hold them all.
 */
@Component
@Order(FilterOrder.BODY)
final class BodyFilter implements WebFilter {

    private final GatewaySettings settings;
    private final AwaitedBodies bodies;
    private final Duration retryAfter;

    BodyFilter(GatewaySettings settings, AdmissionSettings admission, MeterRegistry metrics) {
        this.settings = settings;
        this.bodies = new AwaitedBodies(admission.bodies(), metrics);
        this.retryAfter = admission.retryAfter();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var headers = exchange.getRequest().getHeaders();
        if (headers.getContentLength() > settings.maxBody().toBytes()) {
            return Mono.error(new RefusedRequest(ProblemCode.BODY_TOO_LARGE));
        }
        if (headers.getContentLength() <= 0 && !headers.containsKey(HttpHeaders.TRANSFER_ENCODING)) {
            return chain.filter(exchange);
        }
        var method = exchange.getRequest().getMethod();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            // It means nothing there (RFC 9110, section 9.3.1), so nobody waits for it.
            return chain.filter(exchange.mutate()
                    .request(new Bodiless(exchange.getRequest()))
                    .build());
        }
        return Mono.defer(() -> {
            if (exchange.getAttribute(Place.ATTRIBUTE) instanceof Place place) {
                place.giveUp();
                return received(exchange).flatMap(whole -> place.take() ? chain.filter(whole) : overloaded());
            }
            return received(exchange).flatMap(chain::filter);
        });
    }

    private Mono<ServerWebExchange> received(ServerWebExchange exchange) {
        return bodies.await(withWholeBody(exchange), overloaded()).filter(BodyFilter::isUnanswered);
    }

    private Mono<Void> overloaded() {
        return Mono.error(() -> RefusedRequest.forNow(ProblemCode.OVERLOADED, retryAfter));
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

    private static final class Bodiless extends ServerHttpRequestDecorator {

        private final HttpHeaders headers = new HttpHeaders();

        Bodiless(ServerHttpRequest request) {
            super(request);
            headers.addAll(request.getHeaders());
            headers.remove(HttpHeaders.TRANSFER_ENCODING);
            headers.remove(HttpHeaders.CONTENT_LENGTH);
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return Flux.empty();
        }
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
