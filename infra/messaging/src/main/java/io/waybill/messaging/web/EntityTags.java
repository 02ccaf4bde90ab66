package io.waybill.messaging.web;

import jakarta.servlet.http.HttpServletRequest;
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
}
