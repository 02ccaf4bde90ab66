package io.waybill.messaging.web;

import io.waybill.security.ProblemType;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * A problem document where Tomcat would make a page: for what it refuses before any filter sees it, such as a target
 * that is no URI, and for what fails outside of handlers, which Tomcat logs.
 */
final class ProblemReports extends ErrorReportValve {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemReports.class);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        HttpStatus status =
                Objects.requireNonNullElse(HttpStatus.resolve(response.getStatus()), HttpStatus.INTERNAL_SERVER_ERROR);
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            // Nothing where the answer's stream is in use already.
            PrintWriter writer = response.getReporter();
            if (writer != null) {
                writer.write(document(status));
                response.finishResponse();
            }
        } catch (IOException gone) {
            LOG.debug("A client left before its answer was complete", gone);
        }
    }

    /** Says nothing of the request, which may be anything at all. */
    private static String document(HttpStatus status) {
        String code = ProblemAdvice.codeOf(status);
        return """
            {"type":"%s","title":"%s","status":%d,"code":"%s"}\
            """.formatted(ProblemType.of(code), status.getReasonPhrase(), status.value(), code);
    }
}
