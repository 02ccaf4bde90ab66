package io.waybill.gateway;

import org.springframework.http.server.reactive.ServerHttpRequest;

/** Requests whose answer must rest on what their sender wrote last: the context holds them until it can. */
public final class ReadYourWrites {

    /** What an answer to a command said, sent back with a request. */
    public static final String HEADER = "Waybill-Consistency";

    private ReadYourWrites() {}

    public static boolean isAskedFor(ServerHttpRequest request) {
        return request.getHeaders().containsKey(HEADER);
    }
}
