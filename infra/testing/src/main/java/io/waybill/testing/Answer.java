package io.waybill.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What an API answered.
 *
 * @param body missing where the answer is no JSON
 */
public record Answer(int status, JsonNode body, Map<String, List<String>> headers) {

    /** A refusal in the form of RFC 9457. */
    public record Problem(int status, String code) {}

    public Answer {
        headers = Map.copyOf(headers);
    }

    /** The first value of a header, by its name in lower case; empty where there is none. */
    public String header(String name) {
        return headers.getOrDefault(name, List.of("")).get(0);
    }

    /** The value at a JSON pointer such as {@code /total/amount}; empty where there is none. */
    public String text(String pointer) {
        return body.at(pointer).asText();
    }

    /**
     * How the request was refused.
     *
     * @throws AssertionError if the answer is no problem document
     */
    public Problem problem() {
        if (!header("content-type").equals("application/problem+json")) {
            throw new AssertionError("no problem document but " + status + " " + body);
        }
        return new Problem(status, text("/code"));
    }
}
