package io.waybill.standalone.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One product to buy, how it is paid and where it goes. */
public record Purchase(String sku, int quantity, String paymentMethod, String postalCode) {

    /** A purchase that goes well: paid by card, sent to London. */
    public static Purchase of(String sku, int quantity) {
        return new Purchase(sku, quantity, "pm_card_visa", "10115");
    }

    /** The same, paid with another method. */
    public Purchase paidWith(String method) {
        return new Purchase(sku, quantity, method, postalCode);
    }

    /** The same, sent to another postal code. */
    public Purchase sentTo(String code) {
        return new Purchase(sku, quantity, paymentMethod, code);
    }

    /** The body of {@code POST /api/orders}. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("lines").addObject().put("sku", sku).put("quantity", quantity);
        json.putObject("shippingAddress")
                .put("name", "Ada Lovelace")
                .put("street", "12 Analytical Road")
                .put("city", "London")
                .put("postalCode", postalCode)
                .put("country", "GB");
        return json.put("paymentMethod", paymentMethod);
    }
}
