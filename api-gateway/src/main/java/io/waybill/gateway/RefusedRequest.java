package io.waybill.gateway;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The gateway does not pass this request on. */
public final class RefusedRequest extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final String allow;

    public RefusedRequest(ProblemCode code) {
        this(code, "", code.detail(), null);
    }

    /** Refuses with a sentence that tells a person what to do better. */
    public RefusedRequest(ProblemCode code, String detail) {
        this(code, "", detail, null);
    }

    /** Refuses because something failed, which is logged and not told. */
    public RefusedRequest(ProblemCode code, Throwable cause) {
        this(code, "", code.detail(), cause);
    }

    private RefusedRequest(ProblemCode code, String allow, String detail, @Nullable Throwable cause) {
        // No stack trace: a refusal is the client's affair and must be cheap.
        super(detail, cause, false, false);
        this.code = code;
        this.allow = allow;
    }

    static RefusedRequest methodNotAllowed(Set<String> allowed) {
        return new RefusedRequest(
                ProblemCode.METHOD_NOT_ALLOWED,
                String.join(", ", allowed),
                ProblemCode.METHOD_NOT_ALLOWED.detail(),
                null);
    }

    public ProblemCode code() {
        return code;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    /** The value of the {@code Allow} header; empty for any other code than METHOD_NOT_ALLOWED. */
    String allow() {
        return allow;
    }
}
