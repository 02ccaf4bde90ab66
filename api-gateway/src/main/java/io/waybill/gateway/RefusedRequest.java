package io.waybill.gateway;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** The gateway does not pass this request on. */
public final class RefusedRequest extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final Map<String, String> headers;

    public RefusedRequest(ProblemCode code) {
        this(code, Map.of(), code.detail(), null);
    }

    /** Refuses with a sentence that tells a person what to do better. */
    public RefusedRequest(ProblemCode code, String detail) {
        this(code, Map.of(), detail, null);
    }

    /** Refuses because something failed, which is logged and not told. */
    public RefusedRequest(ProblemCode code, Throwable cause) {
        this(code, Map.of(), code.detail(), cause);
    }

    private RefusedRequest(ProblemCode code, Map<String, String> headers, String detail, @Nullable Throwable cause) {
        // No stack trace: a refusal is the client's affair and must be cheap.
        super(detail, cause, false, false);
        this.code = code;
        this.headers = headers;
    }

    static RefusedRequest methodNotAllowed(Set<String> allowed) {
        return new RefusedRequest(
                ProblemCode.METHOD_NOT_ALLOWED,
                Map.of(HttpHeaders.ALLOW, String.join(", ", allowed)),
                ProblemCode.METHOD_NOT_ALLOWED.detail(),
                null);
    }

    /** A refusal that says when to ask again; rounded up to whole seconds, at least one. */
    public static RefusedRequest forNow(ProblemCode code, Duration retryAfter) {
        return new RefusedRequest(
                code, Map.of(HttpHeaders.RETRY_AFTER, Long.toString(wholeSeconds(retryAfter))), code.detail(), null);
    }

    public ProblemCode code() {
        return code;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    /** What the answer says in its headers, beside the problem. */
    Map<String, String> headers() {
        return headers;
    }

    private static long wholeSeconds(Duration duration) {
        return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
    }
}
