package io.waybill.gateway.tracing;

import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** Tells the context which span of the gateway's its work follows from. */
public final class TraceHeaders implements HttpHeadersFilter {

    @Override
    public HttpHeaders filter(HttpHeaders headers, ServerWebExchange exchange) {
        return RequestTrace.of(exchange).carried(headers, exchange);
    }

    @Override
    public boolean supports(Type type) {
        return type == Type.REQUEST;
    }
}
