package io.waybill.gateway.resilience;

import io.waybill.gateway.Operation.ToContext;
import io.waybill.gateway.Operation.Waiting;
import io.waybill.gateway.PreferredWait;
import io.waybill.gateway.ReadYourWrites;
import java.util.Locale;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Requests to a context that succeed and fail together: a broken read model says nothing about commands. */
enum RouteGroup {
    READING,
    /** Held by the context until a read model has caught up, and refused with 503 where it does not. */
    CATCHING_UP,
    WRITING,
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
            return CATCHING_UP;
        }
        return isReading(request.getMethod()) ? READING : WRITING;
    }

    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean isReading(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }
}
