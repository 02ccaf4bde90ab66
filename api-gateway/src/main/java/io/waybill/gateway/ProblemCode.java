package io.waybill.gateway;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/** Why the gateway itself answers instead of a context. The names are part of the API. */
enum ProblemCode {
    BAD_REQUEST(HttpStatus.BAD_REQUEST, "The request cannot be understood."),
    ROUTE_NOT_FOUND(HttpStatus.NOT_FOUND, "Nothing is found under this path."),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "This path does not answer this method."),
    REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "The body of the request did not arrive in time."),
    BODY_TOO_LARGE(HttpStatus.PAYLOAD_TOO_LARGE, "The body of the request is too large."),
    INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side."),
    CONTEXT_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The part of Waybill that answers this cannot be reached."),
    CONTEXT_TIMEOUT(HttpStatus.GATEWAY_TIMEOUT, "The part of Waybill that answers this did not answer in time.");

    private final HttpStatus status;
    private final String detail;

    ProblemCode(HttpStatus status, String detail) {
        this.status = status;
        this.detail = detail;
    }

    HttpStatus status() {
        return status;
    }

    /** The RFC 9457 document for a request to the path. */
    Problem at(String path) {
        var type = "urn:waybill:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new Problem(type, status.getReasonPhrase(), status.value(), detail, name(), path);
    }
}
