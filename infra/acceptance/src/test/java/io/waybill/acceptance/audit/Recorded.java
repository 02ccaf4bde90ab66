package io.waybill.acceptance.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * An event as it stands in a stream.
 *
 * @param source the context that told it
 * @param type without context and revision, for example {@code StockReserved}
 * @param sequence its number within its aggregate; {@link #UNNUMBERED} for what is no event of an aggregate
 * @param order the order that it is about, or whatever else keeps its events in order
 * @param data its payload where a check needs it, else missing
 */
record Recorded(String source, String id, String type, String subject, long sequence, String order, JsonNode data) {

    static final long UNNUMBERED = -1;

    /** An item of a context's stored events or of an order's history, which shows no sequence. */
    static Recorded of(JsonNode item) {
        String[] type = item.path("type").asText().split("\\.", 4);
        JsonNode data = item.path("data");
        return new Recorded(
                type[1],
                item.path("id").asText(),
                type[2],
                item.path("subject").asText(),
                item.path("sequence").asLong(UNNUMBERED),
                item.path("partitionkey").asText(data.path("orderId").asText()),
                type[1].equals("inventory") ? data : MissingNode.getInstance());
    }
}
