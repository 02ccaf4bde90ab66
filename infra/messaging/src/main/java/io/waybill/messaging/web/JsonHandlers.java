package io.waybill.messaging.web;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Handlers answer in JSON unless they say otherwise. An answer that followed the client's {@code Accept} would be kept
 * by the gateway as the first who asked had wanted it.
 */
final class JsonHandlers extends RequestMappingHandlerMapping {

    @Override
    protected @Nullable RequestMappingInfo getMappingForMethod(Method method, Class<?> handler) {
        RequestMappingInfo mapping = super.getMappingForMethod(method, handler);
        return mapping == null || !mapping.getProducesCondition().isEmpty()
                ? mapping
                : mapping.mutate()
                        .produces(MediaType.APPLICATION_JSON_VALUE)
                        .options(getBuilderConfiguration())
                        .build();
    }
}
