package io.waybill.messaging.logging;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.web.filter.OncePerRequestFilter;

/** A request for an order, a payment or a shipment is about that order. */
final class OrderOfRequest extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String order = LoggedOrder.orderOf(request.getRequestURI());
        if (order != null) {
            MDC.put(LoggedOrder.KEY, order);
        }
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove(LoggedOrder.KEY);
        }
    }
}
