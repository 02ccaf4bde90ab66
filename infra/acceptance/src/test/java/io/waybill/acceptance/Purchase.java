package io.waybill.acceptance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;

/**
 * What a customer asks for: some pieces of one product.
 *
 * @param key the request's {@code Idempotency-Key}: the same request sent again is the same purchase
 */
record Purchase(String key, Product product, int pieces, String paymentMethod, String postalCode) {

    /** The carrier of the sandbox refuses it. */
    private static final String NOWHERE = "00000";

    static Purchase of(Product product, int pieces) {
        return new Purchase(UUID.randomUUID().toString(), product, pieces, "pm_card_visa", "10115");
    }

    Purchase paidWith(String method) {
        return new Purchase(key, product, pieces, method, postalCode);
    }

    Purchase sentNowhere() {
        return new Purchase(key, product, pieces, paymentMethod, NOWHERE);
    }

    /** The body of the request. */
    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("lines").addObject().put("sku", product.sku()).put("quantity", pieces);
        json.putObject("shippingAddress")
                .put("name", "Grace Hopper")
                .put("street", "3 Harbour Lane")
                .put("city", "Hamburg")
                .put("postalCode", postalCode)
                .put("country", "DE");
        return json.put("paymentMethod", paymentMethod);
    }
}
