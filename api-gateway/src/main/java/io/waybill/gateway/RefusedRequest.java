package io.waybill.gateway;

import java.util.Set;

/** The gateway does not pass this request on. */
final class RefusedRequest extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final String allow;

    RefusedRequest(ProblemCode code) {
        this(code, "");
    }

    private RefusedRequest(ProblemCode code, String allow) {
        // No stack trace: a refusal is the client's affair and must be cheap.
        super(code.name(), null, false, false);
        this.code = code;
        this.allow = allow;
    }

    static RefusedRequest methodNotAllowed(Set<String> allowed) {
        return new RefusedRequest(ProblemCode.METHOD_NOT_ALLOWED, String.join(", ", allowed));
    }

    ProblemCode code() {
        return code;
    }

    /** The value of the {@code Allow} header; empty for any other code than METHOD_NOT_ALLOWED. */
    String allow() {
        return allow;
    }
}
