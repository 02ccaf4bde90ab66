package io.waybill.inventory.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.inventory.InventoryApplication;
import io.waybill.testing.Answer;
import io.waybill.testing.Answer.Problem;
import io.waybill.testing.ContextDoor;
import io.waybill.testing.Deployment;
import io.waybill.testing.RunningContext;
import io.waybill.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProductsApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static RunningContext inventory;

    @BeforeAll
    static void openTheShop() {
        inventory = Deployment.fresh("inventory").start(InventoryApplication::start);
    }

    @AfterAll
    static void closeTheShop() {
        inventory.close();
    }

    @Test
    void a_product_is_listed_stocked_and_seen() {
        Answer listed = put("MUG", offer("Enamel mug", "12.50", "EUR"));
        assertThat(listed.status()).isEqualTo(201);
        assertThat(listed.body()).isEqualTo(json("""
            {"sku":"MUG","name":"Enamel mug","price":{"amount":"12.50","currency":"EUR"}}\
            """));

        assertThat(receive("MUG", "{\"quantity\":40}").status()).isEqualTo(202);
        assertThat(receive("MUG", "{\"quantity\":2}").status()).isEqualTo(202);

        JsonNode expected = json("""
            {"sku":"MUG","name":"Enamel mug","price":{"amount":"12.50","currency":"EUR"},"available":42}\
            """);
        eventually(() -> {
            Answer seen = get("/api/products/MUG");
            assertThat(seen.status()).isEqualTo(200);
            assertThat(seen.body()).isEqualTo(expected);
        });
    }

    @Test
    void its_own_door_is_for_whom_the_documents_say() throws Exception {
        put("GUARDED", offer("Guarded", "1.00", "EUR"));
        var door = new ContextDoor(
                "inventory",
                inventory,
                TestTokens.customer("cus_1"),
                Map.of("sku", "GUARDED"),
                Map.of("sku", "NEVER-HEARD-OF"));

        assertThat(door.mistakes()).isEmpty();
        var refusals = door.refusals();
        assertThat(refusals.mutations()).isGreaterThanOrEqualTo(60);
        assertThat(refusals.routes()).isGreaterThanOrEqualTo(10);
        assertThat(refusals.believed()).isEmpty();
        assertThat(refusals.shapes()).hasSize(1);
    }

    @Test
    void a_product_that_is_known_is_changed() {
        assertThat(put("FLASK", offer("Flask", "29.99", "EUR")).status()).isEqualTo(201);
        assertThat(put("FLASK", offer("Flask", "29.99", "EUR")).status()).isEqualTo(200);
        assertThat(put("FLASK", offer("Vacuum flask", "31", "EUR")).status()).isEqualTo(200);

        eventually(() -> assertThat(get("/api/products/FLASK").body()).isEqualTo(json("""
            {"sku":"FLASK","name":"Vacuum flask",
             "price":{"amount":"31.00","currency":"EUR"},"available":0}\
            """)));
    }

    @Test
    void pieces_can_be_received_as_soon_as_the_product_is_listed() {
        for (int i = 0; i < 20; i++) {
            assertThat(put("FRESH-" + i, offer("Fresh", "1.00", "EUR")).status())
                    .isEqualTo(201);
            assertThat(receive("FRESH-" + i, "{\"quantity\":1}").status()).isEqualTo(202);
        }
    }

    @Test
    void the_list_goes_on_where_the_cursor_points() {
        for (String sku : List.of("ZZ-3", "ZZ-1", "ZZ-2", "ZZ-10")) {
            put(sku, offer("Product " + sku, "1.00", "EUR"));
            eventually(() -> assertThat(get("/api/products/" + sku).status()).isEqualTo(200));
        }

        List<String> skus = new ArrayList<>();
        String next = "/api/products?limit=3";
        while (!next.isEmpty()) {
            Answer page = get(next);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body().path("items")).hasSizeBetween(1, 3);
            page.body().path("items").forEach(item -> skus.add(item.path("sku").asText()));
            JsonNode cursor = page.body().path("nextCursor");
            next = cursor.isMissingNode() ? "" : "/api/products?limit=3&cursor=" + cursor.asText();
        }

        assertThat(skus).isSorted().doesNotHaveDuplicates().containsSubsequence("ZZ-1", "ZZ-10", "ZZ-2", "ZZ-3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/products/KEPT", "/api/products?limit=1"})
    void an_answer_says_to_whom_it_may_be_kept_and_what_it_knows(String path) {
        put("KEPT", offer("Kept", "1.00", "EUR"));
        eventually(() -> assertThat(get("/api/products/KEPT").status()).isEqualTo(200));

        eventually(() -> {
            Answer answer = get(path);
            assertThat(answer.header("cache-control")).isEqualTo("no-cache");
            assertThat(answer.header("cdn-cache-control"))
                    .isEqualTo("public, max-age=300, stale-while-revalidate=60, stale-if-error=3600");
            // At rest the read model has seen all that there is.
            assertThat(answer.header("waybill-read-position"))
                    .isNotEmpty()
                    .isEqualTo(answer.header("waybill-stream-head"));
        });
    }

    @Test
    void whoever_has_an_answer_is_told_that_it_is_still_right() {
        put("SAME", offer("Same", "1.00", "EUR"));
        eventually(() -> assertThat(get("/api/products/SAME").status()).isEqualTo(200));
        String tag = get("/api/products/SAME").header("etag");

        Answer again = inventory.api().get("/api/products/SAME", "If-None-Match", tag);

        assertThat(again.status()).isEqualTo(304);
        assertThat(again.header("cdn-cache-control")).isNotEmpty();
        assertThat(again.header("waybill-read-position")).isNotEmpty();
        assertThat(inventory
                        .api()
                        .get("/api/products/SAME", "If-None-Match", "\"other\"")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void what_does_not_say_otherwise_is_for_one_user_who_may_ask_whether_it_is_still_right() {
        Answer mine = get("/api/admin/parked");

        assertThat(mine.header("cache-control")).isEqualTo("private, no-cache");
        assertThat(mine.header("cdn-cache-control")).isEmpty();
        assertThat(inventory
                        .api()
                        .get("/api/admin/parked", "If-None-Match", mine.header("etag"))
                        .status())
                .isEqualTo(304);
    }

    @Test
    void a_refusal_is_for_nobody_else() {
        Answer refusal = get("/api/products/NOBODY");

        assertThat(refusal.header("cache-control")).isEqualTo("private, no-cache");
        assertThat(refusal.header("cdn-cache-control")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/html", "image/webp", "application/yaml", "application/problem+json", "application/x+json"})
    void whoever_wants_no_JSON_is_refused_and_nobody_else_hears_of_it(String accept) {
        put("ACCEPTED", offer("Accepted", "1.00", "EUR"));
        eventually(() -> assertThat(get("/api/products/ACCEPTED").status()).isEqualTo(200));

        Answer refusal = inventory.api().get("/api/products/ACCEPTED", "Accept", accept);

        assertThat(refusal.problem()).isEqualTo(new Problem(406, "NOT_ACCEPTABLE"));
        assertThat(refusal.header("cache-control")).isEqualTo("private, no-cache");
        assertThat(refusal.header("cdn-cache-control")).isEmpty();
    }

    @Test
    void a_body_that_is_no_JSON_is_refused() {
        Answer refusal = inventory.api().put("/api/products/YAML", "name: Mug", "Content-Type", "application/yaml");

        assertThat(refusal.problem()).isEqualTo(new Problem(415, "UNSUPPORTED_MEDIA_TYPE"));
    }

    @Test
    void an_unknown_product_is_not_found() {
        Answer seen = get("/api/products/NOBODY");
        assertThat(seen.problem()).isEqualTo(new Problem(404, "PRODUCT_NOT_FOUND"));

        Answer received = receive("NOBODY", "{\"quantity\":1}");
        assertThat(received.problem()).isEqualTo(new Problem(404, "PRODUCT_NOT_FOUND"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.00", "-1.00"})
    void a_price_is_more_than_nothing(String amount) {
        Answer answer = put("GIFT", offer("Gift", amount, "EUR"));
        assertThat(answer.problem()).isEqualTo(new Problem(422, "PRICE_NOT_POSITIVE"));
    }

    @ParameterizedTest
    @CsvSource({"12.505,EUR", "'12,50',EUR", "1e3,EUR", "'',EUR", "12.50,EURO", "12.50,XXX", "1.5,JPY", "' 1',EUR"})
    void a_price_is_a_decimal_number_that_its_currency_can_express(String amount, String currency) {
        Answer answer = put("MUG", offer("Mug", amount, currency));
        assertThat(answer.problem()).isEqualTo(new Problem(400, "INVALID_VALUE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a\\u0000b", "a\\nb", "a\\u2028b", "a\\ud800b"})
    void a_name_is_printable(String name) {
        Answer answer = put("MUG", offer(name, "12.50", "EUR"));
        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void a_name_has_at_most_200_characters() {
        assertThat(put("LONG", offer("x".repeat(201), "12.50", "EUR")).problem())
                .isEqualTo(new Problem(400, "INVALID_VALUE"));
        assertThat(put("LONG", offer("x".repeat(200), "12.50", "EUR")).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"name\":\"Mug\"}",
                "{\"name\":\"Mug\",\"price\":{\"amount\":\"1.00\"}}",
                "{\"name\":\"Mug\",\"price\":{\"amount\":null,\"currency\":\"EUR\"}}",
                "{\"name\":\"Mug\",\"price\":\"1.00 EUR\"}",
                "{\"name\":\"Mug\",\"price\":{\"amount\":12.5,\"currency\":\"EUR\"}}",
                "{\"name\":\"Mug\",\"price\":{\"amount\":12,\"currency\":\"EUR\"}}",
                "{\"name\":7,\"price\":{\"amount\":\"12.50\",\"currency\":\"EUR\"}}",
                "{\"name\":\"Mug\",\"price\":{\"amount\":\"1.00\",\"currency\":\"EUR\"},\"available\":5}",
                "{\"name\":\"Mug\",\"price\":{\"amount\":\"1.00\",\"currency\":\"EUR\",\"tax\":\"0.19\"}}"
            })
    void an_offer_of_another_form_is_refused(String body) {
        Answer answer = put("MUG", body);
        assertThat(answer.problem().status()).isEqualTo(400);
        assertThat(answer.problem().code()).isIn("MALFORMED_REQUEST", "UNKNOWN_FIELD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"quantity\":null}",
                "{\"quantity\":0}",
                "{\"quantity\":-1}",
                "{\"quantity\":100001}",
                "{\"quantity\":99999999999999999999}",
                "{\"quantity\":1.5}",
                "{\"quantity\":\"1\"}",
                "{\"quantity\":1,\"sku\":\"MUG\"}"
            })
    void a_delivery_is_one_to_a_hundred_thousand_pieces(String body) {
        Answer answer = receive("MUG", body);
        assertThat(answer.problem().status()).isEqualTo(400);
        assertThat(answer.problem().code()).isIn("MALFORMED_REQUEST", "UNKNOWN_FIELD", "INVALID_VALUE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/products/mug",
                "/api/products/-MUG",
                "/api/products/MUG%00",
                "/api/products?limit=0",
                "/api/products?limit=101",
                "/api/products?limit=many",
                "/api/products?cursor=%21",
                "/api/products?cursor=bXVn"
            })
    void a_question_of_another_form_is_refused(String path) {
        assertThat(get(path).status()).isEqualTo(400);
    }

    private static String offer(String name, String amount, String currency) {
        return """
            {"name":"%s","price":{"amount":"%s","currency":"%s"}}\
            """.formatted(name, amount, currency);
    }

    private static Answer get(String path) {
        return inventory.api().get(path);
    }

    private static Answer put(String sku, String body) {
        return inventory.api().put("/api/products/" + sku, body);
    }

    private static Answer receive(String sku, String body) {
        return inventory.api().post("/api/products/" + sku + "/stock", body);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void eventually(Runnable assertion) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(assertion::run);
    }
}
