package io.waybill.messaging.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.InputStream;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * Every answer has a tag of its content, so that whoever has it already gets 304. Spring knows of the requests that it
 * holds itself; an answer to one that an interceptor or a handler holds has no content yet either.
 */
final class EntityTags extends ShallowEtagHeaderFilter {

    @Override
    protected boolean isAsyncStarted(HttpServletRequest request) {
        return super.isAsyncStarted(request) || request.isAsyncStarted();
    }

    /** Who asks for the headers alone wants those of the content. */
    @Override
    protected boolean isEligibleForEtag(
            HttpServletRequest request, HttpServletResponse response, int status, InputStream content) {
        return super.isEligibleForEtag(
                request.getMethod().equals("HEAD") ? new AsGet(request) : request, response, status, content);
    }

    private static final class AsGet extends HttpServletRequestWrapper {

        AsGet(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getMethod() {
            return "GET";
        }
    }
}
