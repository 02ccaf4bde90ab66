package io.waybill.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.gateway.tracing.RequestTracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The documents of what is refused before it is a request that filters could see. */
@Component
public final class EarlyProblems {

    private static final Logger LOG = LoggerFactory.getLogger(EarlyProblems.class);

    private final ObjectMapper json;

    EarlyProblems(ObjectMapper json) {
        this.json = json;
    }

    /** What is written, and the id of it that belongs into {@code X-Request-Id}. */
    public record EarlyProblem(String requestId, String document) {}

    public EarlyProblem of(ProblemCode code) {
        var id = RequestTracing.freshId();
        LOG.debug("{} before it was a request: {}", id, code);
        try {
            return new EarlyProblem(id, json.writeValueAsString(code.at("", id)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of strings is always JSON", e);
        }
    }
}
