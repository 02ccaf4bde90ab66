package io.waybill.gateway;

import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Queries that must show what their sender wrote last: the context holds them until it can. */
public final class ReadYourWrites {

    /** What an answer to a command said, sent back with a query. */
    public static final String HEADER = "Waybill-Consistency";

    private ReadYourWrites() {}

    public static boolean isAskedFor(ServerHttpRequest request) {
        var method = request.getMethod();
        return (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))
                && request.getHeaders().containsKey(HEADER);
    }
}
