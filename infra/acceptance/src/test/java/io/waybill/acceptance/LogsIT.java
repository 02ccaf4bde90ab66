package io.waybill.acceptance;

import static io.waybill.acceptance.Status.CONFIRMED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What stands in the logs of a standalone process after honest customers and others. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(SharedSystem.LOCK)
@Tag("standalone")
class LogsIT {

    private static final String FORGED = "x\r\n2026-01-01T00:00:00.000Z ERROR forged\u2028forged\u0085forged";

    private static final Shop SHOP = Shop.at(SharedSystem::standalone);

    @BeforeAll
    static void buy_and_try_to_write_into_the_log() {
        SHOP.accepts(Purchase.of(SHOP.sells(5), 1).paidWith("pm_sandbox_unavailable"))
                .becomes(CONFIRMED);
        SHOP.accepts(Purchase.of(SHOP.sells(1), 2)).isRejectedBecauseOf("OUT_OF_STOCK");

        ObjectNode hostile = Purchase.of(SHOP.sells(5), 1).toJson();
        ((ObjectNode) hostile.path("shippingAddress")).put("name", FORGED).put("city", FORGED);
        SHOP.gateway().post("/api/orders", hostile.toString());
        SHOP.gateway().post("/api/orders", hostile.put(FORGED, FORGED).toString());
        SHOP.gateway().get("/api/orders/x%0D%0A2026-01-01T00:00:00.000Z%20ERROR%20forged");
        SHOP.gateway().get("/api/products/x%E2%80%A8forged?limit=%0Aforged");
        Http context = new Http(() -> SharedSystem.standalone().context("order").orElseThrow());
        for (String key : List.of("alg", "kid", "typ")) {
            String head = "{\"alg\":\"ES256\",\"%s\":\"x\\r\\n2026-01-01T00:00:00.000Z ERROR forged\"}".formatted(key);
            String token = Base64.getUrlEncoder().withoutPadding().encodeToString(head.getBytes(UTF_8)) + ".e30.AAAA";
            assertThat(context.get("/api/orders", "Authorization", "Bearer " + token)
                            .status())
                    .isEqualTo(401);
        }
    }

    private static List<String> lines() {
        return Stream.of("contexts.log", "gateway.log")
                .map(file -> SharedSystem.standalone().data().resolve("logs").resolve(file))
                .flatMap(file -> {
                    try {
                        return Files.readString(file).lines();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .filter(line -> !line.isEmpty())
                .toList();
    }

    @Test
    void every_line_is_an_event_of_ours() {
        assertThat(lines())
                .isNotEmpty()
                .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\S+Z [A-Z]+ +\\[[^]]*] .*"))
                .noneMatch(line -> line.matches(".*[\\p{Cc}\\u2028\\u2029].*"));
    }

    @Test
    void what_is_logged_about_an_order_names_it() {
        // Only the first of several failures is told, and it may have been that of another story's order.
        assertThat(lines())
                .filteredOn(line -> line.contains("payment.charge begin to fail"))
                .isNotEmpty()
                .allMatch(line -> line.matches(".* ord_[0-9a-f-]{36}] .*"));
    }

    @Test
    void customers_are_nowhere_named_and_refusals_are_no_warnings() {
        assertThat(lines())
                .noneMatch(line -> line.contains("Hopper") || line.contains("Harbour") || line.contains("Lovelace"))
                .noneMatch(line -> line.contains("@example.org") || line.contains("eyJ"))
                .noneMatch(line -> line.contains(" ERROR ["))
                .noneMatch(line -> line.contains(" WARN ") && line.contains("refused"));
    }
}
