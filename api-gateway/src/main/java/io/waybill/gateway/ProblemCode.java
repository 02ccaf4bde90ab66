package io.waybill.gateway;

import io.waybill.security.ProblemType;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Why the gateway itself answers instead of a context. The names are part of the API. */
public enum ProblemCode {
    BAD_REQUEST(HttpStatus.BAD_REQUEST, "The request cannot be understood."),
    MALFORMED_REQUEST(HttpStatus.BAD_REQUEST, "The body is no well-formed JSON of the expected form."),
    UNKNOWN_FIELD(HttpStatus.BAD_REQUEST, "A field of the body is not known here."),
    INVALID_VALUE(HttpStatus.BAD_REQUEST, "A value is not of the expected form."),
    AUTHENTICATION_REQUIRED(HttpStatus.UNAUTHORIZED, "A valid access token is needed."),
    INVALID_CREDENTIALS(HttpStatus.UNAUTHORIZED, "Address and password do not belong together."),
    ACCESS_DENIED(HttpStatus.FORBIDDEN, "Your role does not allow this."),
    ACCOUNTS_ELSEWHERE(HttpStatus.NOT_FOUND, "Accounts and tokens are an external provider's affair."),
    ROUTE_NOT_FOUND(HttpStatus.NOT_FOUND, "Nothing is found under this path."),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "This path does not answer this method."),
    REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "The body of the request did not arrive in time."),
    BODY_TOO_LARGE(HttpStatus.PAYLOAD_TOO_LARGE, "The body of the request is too large."),
    TARGET_TOO_LONG(HttpStatus.URI_TOO_LONG, "The target of the request is too long."),
    HEADERS_TOO_LARGE(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers of the request are too large."),
    RATE_LIMITED(HttpStatus.TOO_MANY_REQUESTS, "That was too much in too short a time."),
    TOO_MANY_OWN_STREAMS(HttpStatus.TOO_MANY_REQUESTS, "You follow too much at once. End a stream first."),
    OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE, "There is too much to do right now."),
    EMAIL_TAKEN(HttpStatus.CONFLICT, "There is an account for this address."),
    KEYS_READ_ONLY(HttpStatus.CONFLICT, "The keys are given by configuration and cannot be written here."),
    ROTATION_UNDER_WAY(HttpStatus.CONFLICT, "A new key was made just now and does not sign yet."),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body is not in a form that is understood here."),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "The answer does not come in any of the wanted forms."),
    PASSWORD_TOO_COMMON(HttpStatus.UNPROCESSABLE_ENTITY, "Everybody tries this password first."),
    TEMPORARILY_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "A server behind this is away or busy. Try again soon."),
    INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side."),
    CONTEXT_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The part of Waybill that answers this cannot be reached."),
    CONTEXT_TIMEOUT(HttpStatus.GATEWAY_TIMEOUT, "The part of Waybill that answers this did not answer in time."),
    NOT_STORED(HttpStatus.GATEWAY_TIMEOUT, "Only a stored answer was asked for, and there is none.");

    private final HttpStatus status;
    private final String detail;

    ProblemCode(HttpStatus status, String detail) {
        this.status = status;
        this.detail = detail;
    }

    public HttpStatus status() {
        return status;
    }

    String detail() {
        return detail;
    }

    /** The RFC 9457 document for a request to the path, with the id that its answer has. */
    public Problem at(String path, String traceId) {
        return at(path, detail, traceId);
    }

    /** The same with another sentence for a person, and the trace that the request belongs to. */
    Problem at(String path, String told, @Nullable String traceId) {
        return new Problem(
                ProblemType.of(name()).toString(),
                status.getReasonPhrase(),
                status.value(),
                told,
                name(),
                path,
                traceId);
    }
}
