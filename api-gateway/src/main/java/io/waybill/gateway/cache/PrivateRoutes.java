package io.waybill.gateway.cache;

import io.waybill.gateway.Operation;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;

/**
 * Routes whose answers to those who say who they are have all been private for a while. There is no use in looking for
 * one in the store; a cache may always ask the origin. One answer that might be kept ends it.
 */
final class PrivateRoutes {

    private static final int ENOUGH = 100;

    private final ConcurrentMap<Operation, AtomicInteger> inARow = new ConcurrentHashMap<>();

    /** Whether the answer to a request will most likely be for its sender only. */
    boolean isOne(ServerWebExchange exchange) {
        return exchange.getAttribute(Operation.ATTRIBUTE) instanceof Operation operation
                && isOne(
                        operation,
                        exchange.getRequest().getMethod(),
                        exchange.getRequest().getHeaders());
    }

    boolean isOne(Operation operation, HttpMethod method, HttpHeaders headers) {
        var answers = inARow.get(operation);
        return answers != null
                && answers.get() >= ENOUGH
                && (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))
                && headers.containsKey(HttpHeaders.AUTHORIZATION)
                // Who gives orders about it gets everything that a cache can do.
                && !headers.containsKey(HttpHeaders.CACHE_CONTROL)
                && !headers.containsKey(HttpHeaders.PRAGMA);
    }

    /** Whether an answer says what nearly every private one says, so that there is nothing to learn. */
    static boolean isAsEver(HttpHeaders answer) {
        return List.of("private, no-cache").equals(answer.get(HttpHeaders.CACHE_CONTROL))
                && !answer.containsKey(CachePolicy.TARGETED);
    }

    /** Learns from an answer to somebody who said who they are. */
    void learn(Operation operation, CacheRequest request, CachePolicy answer) {
        if (!request.isGet() || !request.headers().has(HttpHeaders.AUTHORIZATION)) {
            return;
        }
        if (answer.isPrivate()) {
            inARow.computeIfAbsent(operation, first -> new AtomicInteger())
                    .updateAndGet(before -> Math.min(ENOUGH, before + 1));
        } else if (answer.isStorable(request)) {
            inARow.remove(operation);
        }
    }
}
