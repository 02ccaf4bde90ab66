package io.waybill.messaging.tracing;

import io.opentelemetry.api.trace.Span;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Every answer names the trace that its request belongs to, and each request for an order names the order. */
final class RequestId extends OncePerRequestFilter {

    static final String HEADER = "X-Request-Id";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Tracing.currentTraceId().ifPresent(id -> response.setHeader(HEADER, id));
        Tracing.describeByKey(Span.current(), request.getRequestURI());
        chain.doFilter(request, response);
    }
}
