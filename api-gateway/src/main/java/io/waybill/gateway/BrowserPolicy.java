package io.waybill.gateway;

import org.springframework.web.server.ServerWebExchange;

/** The Content-Security-Policy of an answer that is a page; any other answer may do nothing at all. */
public final class BrowserPolicy {

    private static final String ATTRIBUTE = BrowserPolicy.class.getName();

    private BrowserPolicy() {}

    /** Lets the answer of this exchange do what the policy says. */
    public static void allow(ServerWebExchange exchange, String policy) {
        exchange.getAttributes().put(ATTRIBUTE, policy);
    }

    static String of(ServerWebExchange exchange, String otherwise) {
        return exchange.getAttributeOrDefault(ATTRIBUTE, otherwise);
    }
}
