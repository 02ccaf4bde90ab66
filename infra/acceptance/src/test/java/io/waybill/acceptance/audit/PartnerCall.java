package io.waybill.acceptance.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/**
 * A call that a partner received, as it wrote it down.
 *
 * @param key the id of the payment or shipment
 * @param effective whether money moved, or a parcel was booked or taken back; repeated calls have no effect
 * @param amount nothing for parcels
 */
record PartnerCall(String key, String kind, boolean effective, BigDecimal amount, String currency) {

    static PartnerCall of(JsonNode call) {
        return new PartnerCall(
                call.path("key").asText(),
                call.path("kind").asText(),
                call.path("moved").asBoolean(call.path("effective").asBoolean()),
                new BigDecimal(call.at("/amount/amount").asText("0")),
                call.at("/amount/currency").asText());
    }

    boolean did(String wanted) {
        return effective && kind.equals(wanted);
    }
}
