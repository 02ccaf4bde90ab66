package io.waybill.gateway.resilience;

import io.waybill.gateway.Operation.ToContext;
import io.waybill.gateway.Operation.Waiting;
import io.waybill.gateway.PreferredWait;
import io.waybill.gateway.ReadYourWrites;
import java.util.Locale;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Requests to a context that succeed and fail together: a broken read model says nothing about commands, and one that
 * the context holds because its sender asked for that says nothing about those that it does not hold.
 */
enum RouteGroup {
    READING,
    /** Queries, held by the context until a read model has caught up, and refused with 503 where it does not. */
    CATCHING_UP,
    WRITING,
    /** Orders with an Idempotency-Key, held by the context while another with that key is under way. */
    WRITING_ONCE,
    /** Commands, held as those queries are. */
    WRITING_WHEN_CAUGHT_UP,
    WAITING,
    STREAMING;

    static RouteGroup of(ToContext operation, ServerHttpRequest request) {
        if (operation.waiting() == Waiting.ENDLESS) {
            return STREAMING;
        }
        if (operation.waiting() == Waiting.AS_PREFERRED
                && PreferredWait.of(request.getHeaders()).isPositive()) {
            return WAITING;
        }
        if (ReadYourWrites.isAskedFor(request)) {
            return isReading(request.getMethod()) ? CATCHING_UP : WRITING_WHEN_CAUGHT_UP;
        }
        if (isKeyed(operation, request)) {
            return WRITING_ONCE;
        }
        return isReading(request.getMethod()) ? READING : WRITING;
    }

    /** Whether the request is repeated without harm because of its key; no other command looks at one. */
    static boolean isKeyed(ToContext operation, ServerHttpRequest request) {
        return operation.waiting() == Waiting.AS_PREFERRED
                && request.getHeaders().containsKey("Idempotency-Key");
    }

    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean isReading(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }
}
