package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static io.waybill.acceptance.Status.CONFIRMED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What is kept for everybody, how soon it is renewed, and what is kept for nobody. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(SharedSystem.LOCK)
class CachingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Kept answers have five minutes. */
    private static final Duration LONG_BEFORE_ITS_TIME = Duration.ofSeconds(5);

    @RegisterExtension
    static final Shop SHOP = Shop.open();

    private static final Http GATEWAY = SHOP.gateway();

    @Test
    void a_product_is_answered_from_the_cache_until_its_price_changes() {
        Product product = SHOP.sells(5);
        String path = "/api/products/" + product.sku();

        Answer first = GATEWAY.get(path, "Cache-Control", "no-cache").orFail();
        assertThat(first.header("Cache-Status")).startsWith("waybill-gateway; fwd=request; fwd-status=");
        assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
        Answer second = hit(path);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Age")).matches("\\d+");
        assertThat(second.header("ETag")).isEqualTo(first.header("ETag")).isNotEmpty();
        assertThat(List.of(first, second))
                .allSatisfy(answer -> assertThat(answer.headers().map().keySet())
                        .doesNotContain("cdn-cache-control", "waybill-read-position", "waybill-stream-head"));

        String offer = "{\"name\":\"A thing of a story\",\"price\":{\"amount\":\"13.75\",\"currency\":\"EUR\"}}";
        GATEWAY.put("/api/products/" + product.sku(), offer).orFail();
        within(LONG_BEFORE_ITS_TIME, "the new price is seen")
                .until(() -> GATEWAY.get(path).orFail().text("price/amount").equals("13.75"));
        assertThat(hit(path).text("price/amount")).isEqualTo("13.75");
    }

    @Test
    void what_one_client_would_rather_have_changes_nothing_for_the_next() {
        String path = "/api/products/" + SHOP.sells(5).sku();

        for (String wish : List.of("text/html", "application/yaml", "application/problem+json")) {
            assertThat(GATEWAY.get(path, "Accept", wish, "Cache-Control", "no-cache")
                            .status())
                    .as(wish)
                    .isEqualTo(406);
            assertThat(GATEWAY.get(path, "Cache-Control", "no-cache").orFail().header("Content-Type"))
                    .isEqualTo("application/json");
            assertThat(hit(path).header("Content-Type")).isEqualTo("application/json");
        }
    }

    @Test
    void who_has_the_answer_already_is_told_that_nothing_has_changed() {
        String path = "/api/products/" + SHOP.sells(5).sku();
        String tag = hit(path).header("ETag");

        Answer unchanged = GATEWAY.get(path, "If-None-Match", tag);
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.body().isMissingNode()).isTrue();
        assertThat(unchanged.header("ETag")).isEqualTo(tag);
        Answer headers = GATEWAY.head(path);
        assertThat(headers.status()).isEqualTo(200);
        assertThat(headers.header("Cache-Status")).contains("hit");
        assertThat(headers.header("ETag")).isEqualTo(tag);
        assertThat(headers.body().isMissingNode()).isTrue();
    }

    @Test
    void what_is_one_customers_is_kept_for_nobody() {
        PlacedOrder order = SHOP.accepts(Purchase.of(SHOP.sells(5), 1)).becomes(CONFIRMED);
        String stranger = Visitor.of(SharedSystem.get()).becomesCustomer();
        List<String> paths = List.of(
                "/api/orders/" + order.id(),
                "/api/orders/" + order.id() + "/history",
                "/api/payments/" + order.paymentId(),
                "/api/shipments/" + order.shipmentId());

        assertThat(paths).allSatisfy(path -> {
            GATEWAY.get(path).orFail();
            Answer again = GATEWAY.get(path).orFail();
            assertThat(again.header("Cache-Control")).isEqualTo("private, no-cache");
            assertThat(again.header("Cache-Status")).doesNotContain("hit").doesNotContain("stored");
            String tag = again.header("ETag");
            assertThat(GATEWAY.get(path, "If-None-Match", tag).status()).isEqualTo(304);
            assertThat(GATEWAY.head(path).header("ETag")).isEqualTo(tag);

            assertThat(GATEWAY.get(path, "Authorization", stranger).status()).isEqualTo(404);
            assertThat(GATEWAY.get(path, "Authorization", stranger, "If-None-Match", tag)
                            .status())
                    .isEqualTo(404);
            assertThat(GATEWAY.head(path, "Authorization", stranger).status()).isEqualTo(404);
            assertThat(GATEWAY.get(path, "Authorization", "Bearer nobody").status())
                    .isEqualTo(401);
        });
        assertThat(GATEWAY.get("/api/orders").orFail().body().path("items")).isNotEmpty();
        assertThat(GATEWAY.get("/api/orders", "Authorization", stranger)
                        .orFail()
                        .body()
                        .path("items"))
                .isEmpty();
    }

    @Test
    void what_is_for_everybody_is_kept_although_somebody_in_particular_asked() {
        // A target that nobody else asks for.
        String path = "/api/products?limit=83";
        String customer = Visitor.of(SharedSystem.get()).becomesCustomer();

        within(PATIENCE, "the answer to a customer is kept")
                .until(() -> GATEWAY.get(path, "Authorization", customer)
                        .header("Cache-Status")
                        .contains("hit"));
        assertThat(GATEWAY.get(path).header("Cache-Status")).contains("hit");
    }

    /** The read model may have to catch up before an answer is kept. */
    private static Answer hit(String path) {
        return within(PATIENCE, path + " is kept")
                .until(
                        () -> GATEWAY.get(path).orFail(),
                        answer -> answer.header("Cache-Status").contains("hit"));
    }
}
