package io.waybill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BrowserRulesTest {

    private static final String SHOP = "https://shop.example";

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = new RunningGateway("--waybill.browsers.allowed-origins=" + SHOP);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/products", "/api/orders/1", "/nowhere", "/openapi.json", "/docs/nothing"})
    void answers_and_problems_let_browsers_do_nothing_with_them(String path) {
        gateway.client()
                .get()
                .uri(path)
                .exchange()
                .expectHeader()
                .exists("Date")
                .expectHeader()
                .valueEquals("X-Content-Type-Options", "nosniff")
                .expectHeader()
                .valueEquals("X-Frame-Options", "DENY")
                .expectHeader()
                .valueEquals("Referrer-Policy", "no-referrer")
                .expectHeader()
                .valueEquals("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .expectHeader()
                .doesNotExist("Strict-Transport-Security");
    }

    @Test
    void a_preflight_of_a_known_origin_is_answered() {
        gateway.client()
                .options()
                .uri("/api/orders")
                .header("Origin", SHOP)
                .header("Access-Control-Request-Method", "POST")
                .exchange()
                .expectStatus()
                .isNoContent()
                .expectHeader()
                .valueEquals("Access-Control-Allow-Origin", SHOP)
                .expectHeader()
                .valueEquals("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
    }

    @Test
    void a_preflight_of_another_is_refused_like_any_other_method() {
        gateway.client()
                .options()
                .uri("/api/orders")
                .header("Origin", SHOP + ".evil.example")
                .header("Access-Control-Request-Method", "POST")
                .exchange()
                .expectStatus()
                .isEqualTo(405)
                .expectHeader()
                .doesNotExist("Access-Control-Allow-Origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/products", "/nowhere"})
    void the_pages_of_a_known_origin_read_answers_and_problems(String path) {
        gateway.client()
                .get()
                .uri(path)
                .header("Origin", SHOP)
                .exchange()
                .expectHeader()
                .valueEquals("Access-Control-Allow-Origin", SHOP)
                .expectHeader()
                .valueEquals("Vary", "Origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://shop.example"})
    void those_of_others_do_not(String origin) {
        gateway.client()
                .get()
                .uri("/api/products")
                .header("Origin", origin)
                .exchange()
                .expectHeader()
                .doesNotExist("Access-Control-Allow-Origin");
    }

    @Test
    void the_page_that_shows_the_api_loads_from_here_alone() {
        gateway.client()
                .get()
                .uri("/docs")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentTypeCompatibleWith(MediaType.TEXT_HTML)
                .expectHeader()
                .value(
                        "Content-Security-Policy",
                        policy -> assertThat(policy)
                                .contains("script-src 'self';", "frame-ancestors 'none'")
                                .doesNotContain("http", "unsafe-eval"));
        for (var part : new String[] {"swagger-ui.css", "swagger-ui-bundle.js", "page.js"}) {
            gateway.client()
                    .get()
                    .uri("/docs/" + part)
                    .exchange()
                    .expectStatus()
                    .isOk();
        }
    }
}
