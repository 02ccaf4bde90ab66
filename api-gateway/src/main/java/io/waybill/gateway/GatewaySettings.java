package io.waybill.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What an operator may set.
 *
 * @param contexts where each context answers: scheme, host and port, nothing more
 * @param connectTimeout how long a connection to a context may take
 * @param responseTimeout how long a context may take to begin an answer, and may pause within one
 * @param requestTimeout how long a client may take to send its body
 * @param listTimeout how long a merged list waits for a context before it goes on without it
 * @param maxBody the largest body that a client may send
 * @param mergedLists the paths that every context serves and the gateway answers as one list
 */
@ConfigurationProperties("waybill.gateway")
public record GatewaySettings(
        @DefaultValue Map<BoundedContext, URI> contexts,
        @DefaultValue("1s") Duration connectTimeout,
        @DefaultValue("10s") Duration responseTimeout,
        @DefaultValue("10s") Duration requestTimeout,
        @DefaultValue("3s") Duration listTimeout,
        @DefaultValue("64KB") DataSize maxBody,
        @DefaultValue List<String> mergedLists) {

    /** Before its wait begins, a context may hold an order for a token and for a key, 3 s each. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    public GatewaySettings {
        for (var context : BoundedContext.values()) {
            requireBase(context, contexts.get(context));
        }
        requirePositive("connect-timeout", connectTimeout);
        requirePositive("response-timeout", responseTimeout);
        requirePositive("request-timeout", requestTimeout);
        requirePositive("list-timeout", listTimeout);
        require(maxBody.toBytes() > 0 && maxBody.toBytes() <= Integer.MAX_VALUE, "max-body must be 1 byte to 2 GB");
        for (var path : mergedLists) {
            require(path.matches("/api/admin/[a-z-]+"), "merged-lists may only name paths such as /api/admin/parked");
        }
        contexts = Map.copyOf(contexts);
        mergedLists = List.copyOf(mergedLists);
    }

    /** How long a context may take that was asked to wait: it may need a moment more. */
    public Duration waitTimeout(Duration preferred) {
        var asked = preferred.plus(GRACE);
        return asked.compareTo(responseTimeout) > 0 ? asked : responseTimeout;
    }

    URI baseOf(BoundedContext context) {
        var base = contexts.get(context);
        if (base == null) {
            throw new IllegalStateException("no address for " + context);
        }
        return base;
    }

    private static void requireBase(BoundedContext context, @Nullable URI base) {
        require(
                base != null
                        && ("http".equals(base.getScheme()) || "https".equals(base.getScheme()))
                        && base.getHost() != null
                        && base.getRawUserInfo() == null
                        && base.getRawPath().isEmpty()
                        && base.getRawQuery() == null
                        && base.getRawFragment() == null,
                "contexts." + context.id() + " must be an address such as http://localhost:8081");
    }

    private static void requirePositive(String name, Duration duration) {
        require(duration.isPositive(), name + " must be more than nothing");
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new IllegalArgumentException("waybill.gateway." + complaint);
        }
    }
}
