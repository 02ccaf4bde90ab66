package io.waybill.gateway;

import io.waybill.security.Caller;
import org.springframework.web.server.ServerWebExchange;

/** Who is counted where clients are: who is logged in, else the address. */
public final class ClientIdentity {

    private ClientIdentity() {}

    public static String of(ServerWebExchange exchange) {
        return exchange.getAttribute(Caller.class.getName()) instanceof Caller caller
                ? "user:" + caller.id()
                : addressOf(exchange);
    }

    public static String addressOf(ServerWebExchange exchange) {
        return "address:" + exchange.getAttribute(ClientAddresses.ATTRIBUTE);
    }
}
