package io.waybill.gateway;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;

/** One thing that the outside may ask for. */
public sealed interface Operation {

    /** The exchange attribute under which {@link Surface} leaves the operation that it found. */
    String ATTRIBUTE = Operation.class.getName();

    /**
     * The route that a request is for; unlike its path, nothing of it was typed by anybody. Null before it was found.
     */
    static @Nullable String routeOf(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE) instanceof Operation operation
                ? operation.path().getPatternString()
                : null;
    }

    Set<HttpMethod> methods();

    PathPattern path();

    /** Answered by a context. */
    record ToContext(Set<HttpMethod> methods, PathPattern path, BoundedContext context, Waiting waiting)
            implements Operation {

        public ToContext {
            methods = Set.copyOf(methods);
        }

        public String name() {
            var named = methods.stream()
                    .filter(method -> !method.equals(HttpMethod.HEAD))
                    .toList();
            return (named.size() == 1 ? named.getFirst() : "*") + " " + path;
        }
    }

    /** Answered by the gateway out of the answers of all contexts. */
    record MergedList(PathPattern path) implements Operation {

        @Override
        public Set<HttpMethod> methods() {
            return Set.of(HttpMethod.GET, HttpMethod.HEAD);
        }
    }

    /** Answered by the gateway itself. */
    record OfGateway(Set<HttpMethod> methods, PathPattern path) implements Operation {

        public OfGateway {
            methods = Set.copyOf(methods);
        }
    }

    /** How long the gateway waits for a context to begin its answer. */
    enum Waiting {
        BOUNDED,
        AS_PREFERRED,
        ENDLESS
    }
}
