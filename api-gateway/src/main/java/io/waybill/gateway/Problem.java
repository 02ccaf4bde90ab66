package io.waybill.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A problem document of RFC 9457, with the stable code that clients decide by.
 *
 * @param traceId the trace of the request, since documents are passed on without their headers
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        String instance,
        @Nullable String traceId) {}
