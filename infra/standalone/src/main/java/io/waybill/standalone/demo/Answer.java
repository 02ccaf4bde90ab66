package io.waybill.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;

/**
 * What the gateway answered.
 *
 * @param body the JSON, or a missing node where there was none
 */
public record Answer(int status, HttpHeaders headers, JsonNode body) {

    /** The text at a path such as {@code shipment/shipmentId}, or the empty string where there is none. */
    public String text(String path) {
        return body.at("/" + path).asText();
    }

    /** Itself, if the status is a success. */
    Answer orFail() {
        if (status >= 200 && status < 300) {
            return this;
        }
        throw new StoryException("The gateway answered %d %s %s".formatted(status, text("code"), text("detail")));
    }
}
