package io.waybill.gateway;

import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import io.waybill.gateway.Operation.ToContext;
import io.waybill.gateway.Operation.Waiting;
import io.waybill.security.ApiDocument;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Routes to the order context that anyone may use, so that a cache has nothing to go by but the headers: those of
 * http-cache-tests. No configuration by annotation, or every test's gateway would find it.
 */
class OpenRoutes {

    @Bean
    Operation test() {
        return operation("/test/**", GET, HEAD, POST, PUT, DELETE, HttpMethod.valueOf("M-SEARCH"));
    }

    @Bean
    Operation config() {
        return operation("/config/*", PUT);
    }

    @Bean
    Operation state() {
        return operation("/state/*", GET);
    }

    /** That anyone may. */
    @Bean
    ApiDocument open() {
        return ApiDocument.named("open");
    }

    private static Operation operation(String path, HttpMethod... methods) {
        return new ToContext(
                Set.of(methods), PathPatternParser.defaultInstance.parse(path), BoundedContext.ORDER, Waiting.BOUNDED);
    }
}
