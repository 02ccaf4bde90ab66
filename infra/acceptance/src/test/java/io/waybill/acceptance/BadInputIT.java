package io.waybill.acceptance;

import static io.waybill.acceptance.Status.CONFIRMED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(SharedSystem.LOCK)
class BadInputIT {

    @RegisterExtension
    static final Shop SHOP = Shop.open();

    private static final Http GATEWAY = SHOP.gateway();

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "null", "42", "\"order\"", "{\"lines\":", "{\"lines\":\"none\"}", "\u0000\u0001"})
    void what_is_no_order_in_json_is_malformed(String body) {
        Answer answer = GATEWAY.post("/api/orders", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isIn("MALFORMED_REQUEST", "INVALID_VALUE");
        assertIsProblem(answer);
    }

    @Test
    void a_body_means_one_thing_only() {
        String order = Purchase.of(product(), 1).toJson().toString();
        assertMalformed(order + " {}");
        assertMalformed(order.replace("\"quantity\":1", "\"quantity\":1,\"quantity\":2"));
        assertMalformed(order.replace("\"paymentMethod\"", "\"paymentMethod\":\"pm_other\",\"paymentMethod\""));
        assertMalformed(order.replace("\"country\":\"", "\"country\":12,\"x\":\""));
    }

    private static void assertMalformed(String body) {
        Answer answer = GATEWAY.post("/api/orders", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("MALFORMED_REQUEST");
        assertIsProblem(answer);
    }

    @Test
    void an_unknown_field_is_refused_by_name() {
        assertRefused(order -> order.put("coupon", "SAVE10"), 400, "UNKNOWN_FIELD");
    }

    @Test
    void a_customer_cannot_name_the_price() {
        assertRefused(order -> line(order).put("price", 1), 400, "UNKNOWN_FIELD");
    }

    @Test
    void a_product_that_is_not_sold_cannot_be_bought() {
        assertRefused(order -> line(order).put("sku", "NEVER-HEARD-OF-" + System.nanoTime()), 422, "UNKNOWN_SKU");
    }

    @Test
    void a_sku_has_a_form() {
        assertRefused(order -> line(order).put("sku", "'; drop table product; --"), 400, "INVALID_VALUE");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 100_001, Integer.MAX_VALUE})
    void a_quantity_is_from_1_to_100_000(long quantity) {
        assertRefused(order -> line(order).put("quantity", quantity), 400, "INVALID_VALUE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999999", "1.5", "1e3", "\"many\"", "null", "{}"})
    void a_quantity_is_a_whole_number(String quantity) {
        String body =
                Purchase.of(product(), 1).toJson().toString().replace("\"quantity\":1", "\"quantity\":" + quantity);
        Answer answer = GATEWAY.post("/api/orders", body);
        assertThat(answer.status()).isEqualTo(400);
        assertIsProblem(answer);
    }

    @Test
    void an_order_has_at_least_one_line() {
        assertRefused(order -> order.putArray("lines"), 400, "INVALID_VALUE");
    }

    @Test
    void an_order_has_at_most_100_lines() {
        assertRefused(
                order -> {
                    var lines = order.withArray("/lines");
                    for (int i = 0; i < 100; i++) {
                        lines.add(lines.get(0).deepCopy());
                    }
                },
                400,
                "INVALID_VALUE");
    }

    @Test
    void an_order_is_of_one_currency() {
        Product inFrancs = SHOP.sells(5, "CHF");
        SHOP.accepts(Purchase.of(inFrancs, 1));
        assertRefused(
                order -> order.withArray("/lines")
                        .addObject()
                        .put("sku", inFrancs.sku())
                        .put("quantity", 1),
                422,
                "MIXED_CURRENCIES");
    }

    @Test
    void a_country_is_a_known_one() {
        assertRefused(order -> ((ObjectNode) order.get("shippingAddress")).put("country", "XX"), 400, "INVALID_VALUE");
    }

    @Test
    void a_body_that_is_too_large_is_not_read() {
        Answer answer = GATEWAY.post("/api/orders", "{\"paymentMethod\":\"" + "x".repeat(200_000) + "\"}");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text("code")).isEqualTo("BODY_TOO_LARGE");
        assertIsProblem(answer);
    }

    @Test
    void another_request_under_a_used_key_is_refused() {
        Purchase first = Purchase.of(product(), 1);
        SHOP.accepts(first);
        Answer answer = SHOP.asks(new Purchase(first.key(), first.product(), 2, "pm_card_visa", "10115"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text("code")).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    }

    @Test
    void a_body_that_is_not_json_is_not_guessed_at() {
        Answer answer = GATEWAY.send(
                "POST", "/api/orders", BodyPublishers.ofString("<order/>"), "Content-Type", "application/xml");
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.text("code")).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
    }

    @Test
    void what_does_not_exist_is_not_found() {
        String id = "ord_" + UUID.randomUUID();
        assertThat(GATEWAY.get("/api/products/NEVER-HEARD-OF").text("code")).isEqualTo("PRODUCT_NOT_FOUND");
        assertThat(GATEWAY.get("/api/orders/" + id).status()).isIn(400, 404);
        assertThat(GATEWAY.get("/api/orders/ord_017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
                        .text("code"))
                .isEqualTo("ORDER_NOT_FOUND");
        assertThat(GATEWAY.get("/api/orders/1%20or%201=1").text("code")).isEqualTo("INVALID_VALUE");
        assertThat(GATEWAY.get("/api/invoices").text("code")).isEqualTo("ROUTE_NOT_FOUND");
        assertThat(GATEWAY.get("/sandbox/payments").text("code")).isEqualTo("ROUTE_NOT_FOUND");
    }

    @Test
    void lists_are_asked_for_with_a_sane_limit_and_an_untouched_cursor() {
        assertThat(GATEWAY.get("/api/orders?limit=0").text("code")).isEqualTo("INVALID_VALUE");
        assertThat(GATEWAY.get("/api/orders?limit=1000").text("code")).isEqualTo("INVALID_VALUE");
        assertThat(GATEWAY.get("/api/products?limit=many").text("code")).isEqualTo("INVALID_VALUE");
        assertThat(GATEWAY.get("/api/orders?cursor=!!!").status()).isEqualTo(400);
    }

    @Test
    void after_all_that_an_honest_order_is_confirmed() {
        SHOP.accepts(Purchase.of(product(), 1)).becomes(CONFIRMED);
    }

    private static Product product() {
        return SHOP.sells(5);
    }

    private static ObjectNode line(ObjectNode order) {
        return (ObjectNode) order.at("/lines/0");
    }

    /** Breaks an order that would be accepted otherwise. */
    private static void assertRefused(Consumer<ObjectNode> mistake, int status, String code) {
        Purchase good = Purchase.of(product(), 1);
        SHOP.accepts(good);
        ObjectNode order = good.toJson();
        mistake.accept(order);
        Answer answer = GATEWAY.post("/api/orders", order.toString());
        assertThat(answer.text("code")).as("%s", answer).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
        assertIsProblem(answer);
    }

    private static void assertIsProblem(Answer answer) {
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body().path("status").asInt()).isEqualTo(answer.status());
        assertThat(answer.text("title")).isNotBlank();
    }
}
