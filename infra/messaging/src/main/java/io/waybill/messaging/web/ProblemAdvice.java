package io.waybill.messaging.web;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.waybill.kernel.InvalidValueException;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.RejectionCode;
import io.waybill.messaging.processing.TransientFailures;
import io.waybill.security.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.stream.Collectors;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConversionException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The one place where failures become problem documents (RFC 9457), each with a stable {@code code}. Rejections are
 * answers, not errors; what nobody expected is logged once, here, and tells the client nothing.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ProblemAdvice {

    /** Tells the gateway that a 503 is an answer and no failure, so that it opens no breaker. */
    static final String WELL = "Waybill-Well";

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    /** The client went away; there is nobody to tell. */
    @ExceptionHandler
    void on(AsyncRequestNotUsableException gone) {
        LOG.debug("A client left before its answer was complete", gone);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> on(Exception failure, HttpServletRequest request, HttpServletResponse response) {
        PublicAnswers.takeBack(response);
        Throwable cause = cause(failure, Rejection.class);
        if (cause instanceof Rejection rejection) {
            String code = rejection.code().name();
            return rejection.code().kind() == RejectionCode.Kind.UNAVAILABLE
                    ? declined(code, rejection.detail(), request, response)
                    : problem(HttpStatus.valueOf(rejection.code().kind().status()), code, rejection.detail(), request);
        }
        if (cause(failure, RequestRejectedException.class) != null) {
            // The firewall looks at a header only when somebody reads it.
            return problem(HttpStatus.BAD_REQUEST, "BAD_REQUEST", "The request cannot be understood.", request);
        }
        if (failure instanceof HttpMessageConversionException unreadable
                && !(failure instanceof HttpMessageNotWritableException)) {
            return unreadable(unreadable, request);
        }
        if (failure instanceof MethodArgumentTypeMismatchException mismatch) {
            return problem(HttpStatus.BAD_REQUEST, "INVALID_VALUE", mismatch(mismatch), request);
        }
        cause = cause(failure, InvalidValueException.class);
        if (cause != null) {
            return problem(HttpStatus.BAD_REQUEST, "INVALID_VALUE", String.valueOf(cause.getMessage()), request);
        }
        if (failure instanceof ErrorResponse error) {
            return ofSpring(error, request);
        }
        if (cause(failure, ConcurrencyException.class) != null) {
            return declined(
                    "CONFLICTING_CHANGES", "Others change the same thing right now. Try again.", request, response);
        }
        if (TransientFailures.isTransient(failure)) {
            LOG.warn("{} {} could not be answered: {}", request.getMethod(), route(request), failure.toString());
            return retryLater(
                    "TEMPORARILY_UNAVAILABLE", "A server behind this is away. Try again soon.", request, response);
        }
        LOG.error("{} {} failed", request.getMethod(), route(request), failure);
        return problem(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "INTERNAL_ERROR",
                "This is our mistake. It has been written to the log.",
                request);
    }

    /** Nothing is broken here: the same request may well succeed a moment later. */
    private static ResponseEntity<ProblemDetail> declined(
            String code, String detail, HttpServletRequest request, HttpServletResponse response) {
        response.setHeader(WELL, "true");
        return retryLater(code, detail, request, response);
    }

    /** Who refuses may have said when to come again; the answer says it once. */
    private static ResponseEntity<ProblemDetail> retryLater(
            String code, String detail, HttpServletRequest request, HttpServletResponse response) {
        if (!response.containsHeader(HttpHeaders.RETRY_AFTER)) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
        }
        return problem(HttpStatus.SERVICE_UNAVAILABLE, code, detail, request);
    }

    private static ResponseEntity<ProblemDetail> unreadable(
            HttpMessageConversionException failure, HttpServletRequest request) {
        Throwable invalid = cause(failure, InvalidValueException.class);
        JsonMappingException mapping = (JsonMappingException) cause(failure, JsonMappingException.class);
        String field = mapping == null ? "" : field(mapping);
        if (invalid != null) {
            String where = field.isEmpty() ? "" : field + ": ";
            return problem(HttpStatus.BAD_REQUEST, "INVALID_VALUE", where + invalid.getMessage(), request);
        }
        if (mapping instanceof UnrecognizedPropertyException unknown) {
            return problem(
                    HttpStatus.BAD_REQUEST,
                    "UNKNOWN_FIELD",
                    "The field " + printable(unknown.getPropertyName()) + " is not known here.",
                    request);
        }
        String detail = field.isEmpty()
                ? "The body is no well-formed JSON of the expected form."
                : "The field " + field + " is missing or has the wrong form.";
        return problem(HttpStatus.BAD_REQUEST, "MALFORMED_REQUEST", detail, request);
    }

    private static String field(JsonMappingException failure) {
        return printable(failure.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining(".")));
    }

    private static String printable(String text) {
        String clean = text.replaceAll("[^\\p{Alnum} ._\\[\\]-]", "?");
        return clean.length() <= 100 ? clean : clean.substring(0, 100);
    }

    private static String mismatch(MethodArgumentTypeMismatchException failure) {
        Throwable invalid = cause(failure, InvalidValueException.class);
        return failure.getName() + ": " + (invalid == null ? "has the wrong form" : invalid.getMessage());
    }

    private static ResponseEntity<ProblemDetail> ofSpring(ErrorResponse error, HttpServletRequest request) {
        HttpStatusCode status = error.getStatusCode();
        HttpStatus known = HttpStatus.resolve(status.value());
        String detail = error.getBody().getDetail();
        ResponseEntity<ProblemDetail> problem = problem(
                known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known,
                codeOf(status),
                detail == null ? "" : printableSentence(detail),
                request);
        return ResponseEntity.status(status)
                .headers(headers -> {
                    headers.addAll(error.getHeaders());
                    headers.addAll(problem.getHeaders());
                })
                .body(problem.getBody());
    }

    /** The code of a failure of which nothing but its status is known. */
    static String codeOf(HttpStatusCode status) {
        return switch (status.value()) {
            case 404 -> "NOT_FOUND";
            case 405 -> "METHOD_NOT_ALLOWED";
            case 406 -> "NOT_ACCEPTABLE";
            case 413 -> "BODY_TOO_LARGE";
            case 415 -> "UNSUPPORTED_MEDIA_TYPE";
            default -> status.is4xxClientError() ? "BAD_REQUEST" : "INTERNAL_ERROR";
        };
    }

    private static String printableSentence(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200);
    }

    private static ResponseEntity<ProblemDetail> problem(
            HttpStatus status, String code, String detail, HttpServletRequest request) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(ProblemType.of(code));
        problem.setTitle(status.getReasonPhrase());
        problem.setInstance(URI.create(path(request)));
        problem.setProperty("code", code);
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    /** What the log may know of a path, in which anything may stand. */
    private static Object route(HttpServletRequest request) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return pattern == null ? "of no route" : pattern;
    }

    private static String path(HttpServletRequest request) {
        // Still percent-encoded, so it is a valid URI reference.
        String path = request.getRequestURI();
        return path.matches("[\\p{Alnum}/._~%!$&'()*+,;=:@-]*") ? path : "/";
    }

    private static @Nullable Throwable cause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return cause;
            }
        }
        return null;
    }
}
