package io.waybill.gateway;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpHeaders;

/** The gateway does not pass this request on. */
public final class RefusedRequest extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final Map<String, String> headers;

    public RefusedRequest(ProblemCode code) {
        this(code, Map.of());
    }

    private RefusedRequest(ProblemCode code, Map<String, String> headers) {
        // No stack trace: a refusal is the client's affair and must be cheap.
        super(code.name(), null, false, false);
        this.code = code;
        this.headers = headers;
    }

    static RefusedRequest methodNotAllowed(Set<String> allowed) {
        return new RefusedRequest(
                ProblemCode.METHOD_NOT_ALLOWED, Map.of(HttpHeaders.ALLOW, String.join(", ", allowed)));
    }

    /** A refusal that says when to ask again; rounded up to whole seconds, at least one. */
    public static RefusedRequest forNow(ProblemCode code, Duration retryAfter) {
        return new RefusedRequest(code, Map.of(HttpHeaders.RETRY_AFTER, Long.toString(wholeSeconds(retryAfter))));
    }

    ProblemCode code() {
        return code;
    }

    /** What the answer says in its headers, beside the problem. */
    Map<String, String> headers() {
        return headers;
    }

    private static long wholeSeconds(Duration duration) {
        return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
    }
}
