package io.waybill.gateway.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import reactor.core.publisher.Flux;

/**
 * An exchange with the origin on behalf of a client's: what the way there notes in its attributes stays apart, so that
 * it can be gone twice, and also after the client has been answered.
 */
final class OriginExchange extends ServerWebExchangeDecorator {

    private final Map<String, Object> attributes;
    private final ServerHttpRequest request;
    private final ServerHttpResponse response;

    OriginExchange(ServerWebExchange client, ServerHttpRequest request, ServerHttpResponse response) {
        super(client);
        this.attributes = new ConcurrentHashMap<>(client.getAttributes());
        this.request = request;
        this.response = response;
    }

    /** The client's request without a body and with other headers. */
    static ServerHttpRequest bodiless(ServerHttpRequest request, HttpHeaders headers) {
        return new ServerHttpRequestDecorator(request) {

            @Override
            public HttpHeaders getHeaders() {
                return headers;
            }

            @Override
            public Flux<DataBuffer> getBody() {
                return Flux.empty();
            }
        };
    }

    @Override
    public Map<String, Object> getAttributes() {
        return attributes;
    }

    @Override
    public ServerHttpRequest getRequest() {
        return request;
    }

    @Override
    public ServerHttpResponse getResponse() {
        return response;
    }
}
