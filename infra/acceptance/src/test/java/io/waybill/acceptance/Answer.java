package io.waybill.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;

/** What came back over HTTP; the body is a missing node where there was none. */
record Answer(int status, HttpHeaders headers, JsonNode body) {

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** The text at a path such as {@code shipment/shipmentId}, or the empty string where there is none. */
    String text(String path) {
        return body.at("/" + path).asText();
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** Itself, if it is a success. */
    Answer orFail() {
        if (isSuccess()) {
            return this;
        }
        throw new AssertionError("The answer was %d %s".formatted(status, body));
    }
}
